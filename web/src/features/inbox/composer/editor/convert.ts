// Between our documents, which are lines, and the editor's, which are a tree.
import type { JSONContent } from "@tiptap/core";
import type { Block, Span } from "@/contract";
import { isItem, numbersOf } from "@/shared/rich/document";

const DEEPEST = 5;

export function treeOf(blocks: readonly Block[]): JSONContent {
  const numbers = numbersOf(blocks);
  const numbered = blocks.map((block, place) => ({ ...block, number: numbers[place] }));
  const content: JSONContent[] = [];
  for (let at = 0; at < numbered.length;) {
    const { quoted } = numbered[at]!;
    const end = endOf(numbered, at, (one) => one.quoted === quoted);
    const parts = partsOf(numbered.slice(at, end));
    if (quoted) content.push({ type: "blockquote", content: parts });
    else content.push(...parts);
    at = end;
  }
  return { type: "doc", content: content.length > 0 ? content : [{ type: "paragraph" }] };
}

function partsOf(blocks: Block[]): JSONContent[] {
  const parts: JSONContent[] = [];
  for (let at = 0; at < blocks.length;) {
    const block = blocks[at]!;
    const end =
      block.type === "paragraph"
        ? at + 1
        : endOf(blocks, at, (one) => (isItem(block) ? isItem(one) : one.type === block.type));
    const run = blocks.slice(at, end);
    if (isItem(block)) parts.push(...listsOf(run, 0));
    else if (block.type === "code") parts.push({ type: "codeBlock", content: lettersOf(run) });
    else parts.push({ type: "paragraph", content: block.spans.map(leafOf) });
    at = end;
  }
  return parts;
}

function listsOf(items: Block[], level: number): JSONContent[] {
  const lists: JSONContent[] = [];
  for (let at = 0; at < items.length;) {
    const { type, number, spans } = items[at]!;
    const end = endOf(items, at + 1, (one) => (one.level ?? 0) > level);
    const item: JSONContent = {
      type: "listItem",
      content: [{ type: "paragraph", content: spans.map(leafOf) }, ...listsOf(items.slice(at + 1, end), level + 1)],
    };
    const name = type === "number" ? "orderedList" : "bulletList";
    const last = lists.at(-1);
    const follows = last?.type === name && (type === "bullet" || number === last.attrs!.start + last.content!.length);
    if (follows) last.content!.push(item);
    else lists.push({ type: name, ...(type === "number" && { attrs: { start: number } }), content: [item] });
    at = end;
  }
  return lists;
}

function endOf(blocks: Block[], from: number, goesOn: (one: Block) => boolean): number {
  const end = blocks.findIndex((one, place) => place >= from && !goesOn(one));
  return end < 0 ? blocks.length : end;
}

function lettersOf(lines: Block[]): JSONContent[] {
  const text = lines.map((line) => line.spans.map((span) => span.text).join("")).join("\n");
  return text ? [{ type: "text", text }] : [];
}

function leafOf({ text, link, mention, ...span }: Span): JSONContent {
  if (mention) return { type: "mention", attrs: { id: mention, label: text } };
  const marks: JSONContent["marks"] = (["bold", "italic", "code"] as const)
    .filter((mark) => span[mark])
    .map((type) => ({ type }));
  if (link) marks.push({ type: "link", attrs: { href: link } });
  return { type: "text", text, marks };
}

export function blocksIn(tree: JSONContent): Block[] {
  const blocks: Block[] = [];
  for (const node of tree.content ?? []) take(blocks, node, {});
  return blocks;
}

function take(blocks: Block[], node: JSONContent, quote: Pick<Block, "quoted">): void {
  const content = node.content ?? [];
  if (node.type === "blockquote") for (const inner of content) take(blocks, inner, { quoted: true });
  else if (node.type === "codeBlock")
    for (const text of (content[0]?.text ?? "").split("\n"))
      blocks.push({ type: "code", ...quote, spans: text ? [{ text }] : [] });
  else if (node.type === "bulletList" || node.type === "orderedList") takeList(blocks, node, quote, 0);
  else blocks.push({ type: "paragraph", ...quote, spans: content.map(spanOf) });
}

function takeList(blocks: Block[], list: JSONContent, quote: Pick<Block, "quoted">, level: number): void {
  const start = (list.attrs?.start as number | undefined) ?? 1;
  for (const [place, item] of (list.content ?? []).entries()) {
    const [line, ...below] = item.content ?? [];
    const type = list.type === "orderedList" ? "number" : "bullet";
    const before = blocks.at(-1);
    // Behind another list it would go on counting.
    const isAnew = place === 0 && type === "number" && (start !== 1 || (before !== undefined && isItem(before)));
    blocks.push({
      type,
      ...quote,
      ...(level > 0 && { level: Math.min(level, DEEPEST) }),
      ...(isAnew && { number: Math.min(Math.max(start, 1), 9_999) }),
      spans: (line?.content ?? []).map(spanOf),
    });
    for (const inner of below) takeList(blocks, inner, quote, level + 1);
  }
}

function spanOf({ type, text = "", marks = [], attrs }: JSONContent): Span {
  if (type === "mention") return { text: String(attrs?.label), mention: String(attrs?.id) };
  const span: Span = { text };
  for (const mark of marks) {
    if (mark.type === "link") span.link = String(mark.attrs?.href);
    else if (mark.type === "bold" || mark.type === "italic" || mark.type === "code") span[mark.type] = true;
  }
  return span;
}
