// Documents as the server keeps them: blocks, one below the other, each one line. The same rules as its own.
import type { Block, Span } from "@/contract";

/** What somebody writes: letters alone, or blocks where that is not enough. */
export type Content = string | Block[];

const kinds: readonly string[] = ["paragraph", "bullet", "number", "code"] satisfies Block["type"][];

/** The blocks, unless there are some that this version cannot show. */
export function known(blocks: readonly Block[] | null | undefined): readonly Block[] | null {
  return blocks?.every((block) => kinds.includes(block.type)) ? blocks : null;
}

export function isItem(block: Block): boolean {
  return block.type === "bullet" || block.type === "number";
}

/** Which number each numbered item has; the others have none. */
export function numbersOf(blocks: readonly Block[]): number[] {
  let counts: number[] = [];
  let before: Block | undefined;
  return blocks.map((block) => {
    if (!before || !isItem(block) || (before.quoted ?? false) !== (block.quoted ?? false)) counts = [];
    before = block;
    const level = block.level ?? 0;
    counts = [...counts.slice(0, level + 1)];
    counts[level] = block.type === "number" ? (block.number ?? (counts[level] ?? 0) + 1) : 0;
    return counts[level];
  });
}

export function isPlain(blocks: readonly Block[]): boolean {
  return blocks.every((block) => block.type === "paragraph" && !block.quoted && block.spans.every(isPlainSpan));
}

function isPlainSpan({ text, bold, italic, code, link, mention }: Span): boolean {
  return !bold && !italic && !code && !mention && (!link || link === text);
}

export function textOf(content: Content): string {
  if (typeof content === "string") return content;
  const numbers = numbersOf(content);
  return content.map((block, place) => lineOf(block, numbers[place] ?? 0)).join("\n");
}

function lineOf({ type, quoted, level = 0, spans }: Block, number: number): string {
  const mark = type === "bullet" ? "- " : type === "number" ? `${number}. ` : "";
  return (quoted ? "> " : "") + "  ".repeat(level) + mark + spans.map(wordsOf).join("");
}

function wordsOf({ text, link, mention }: Span): string {
  const shown = link?.replace(/^(mailto|tel):/, "");
  return (mention ? `@${text}` : text) + (link && link !== text && shown !== text ? ` (${shown})` : "");
}

export function blocksOf(content: Content): Block[] {
  if (typeof content !== "string") return content;
  return content.split("\n").map((text) => ({ type: "paragraph", spans: text ? [{ text }] : [] }));
}

/** The least that says the same. */
export function contentOf(blocks: Block[]): Content {
  return isPlain(blocks) ? textOf(blocks) : blocks;
}

export function isBlank(content: Content): boolean {
  if (typeof content === "string") return content.trim() === "";
  return content.every((block) => block.spans.every((span) => span.text.trim() === ""));
}

/** One below the other, with an empty line between them. */
export function joined(...contents: Content[]): Content {
  const [first = "", ...others] = contents.filter((content) => !isBlank(content));
  return others.reduce(
    (all, one) => contentOf([...blocksOf(all), { type: "paragraph", spans: [] }, ...blocksOf(one)]),
    first,
  );
}
