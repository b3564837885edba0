// Shows a document as elements, never as HTML: whoever calls makes them, with React in the app, Preact in the widget.
import type { Block, Span } from "@/contract";
import { isItem, numbersOf } from "./document";
import { piecesOf } from "./links";

/** `createElement`, or `h`. */
type Make<Element> = (tag: string, props: Record<string, unknown> | null, ...children: (Element | string)[]) => Element;

type Numbered = Block & { n: number };

export function rendered<Element>(blocks: readonly Block[], make: Make<Element>): Element[] {
  const numbers = numbersOf(blocks);
  const all = blocks.map((block, place): Numbered => ({ ...block, n: numbers[place] ?? 0 }));
  return runs(all, (block) => block.quoted ?? false).flatMap(([quoted, run]) => {
    const parts = runs(run, (block) => (isItem(block) ? "item" : block.type)).flatMap(([type, some]) => {
      if (type === "item") return lists(some, 0, make);
      if (type === "code") return [make("pre", { tabIndex: 0 }, make("code", null, some.map(lettersOf).join("\n")))];
      return some.map((block) => make("p", null, ...spans(block, make)));
    });
    return quoted ? [make("blockquote", null, ...parts)] : parts;
  });
}

/** Items of one level, each with the lists below it. */
function lists<Element>(items: Numbered[], level: number, make: Make<Element>): Element[] {
  const trees: [Numbered, Numbered[]][] = [];
  for (const item of items) {
    const last = trees.at(-1);
    if (last && (item.level ?? 0) > level) last[1].push(item);
    else trees.push([item, []]);
  }
  return runs(trees, ([item]) => item.type).map(([type, some]) => {
    const each = some.map(([item, below]) => {
      const props = type === "number" ? { value: item.n } : null;
      return make("li", props, ...spans(item, make), ...lists(below, level + 1, make));
    });
    return make(type === "number" ? "ol" : "ul", null, ...each);
  });
}

function spans<Element>(block: Block, make: Make<Element>): (Element | string)[] {
  return block.spans.flatMap((span) => {
    if (span.mention) return [make("span", { className: "mention" }, `@${span.text}`)];
    const words = span.code || span.link ? [span.text] : linked(span.text, make);
    return [marked(span, words, make)].flat();
  });
}

function marked<Element>(
  { bold, italic, code, link }: Span,
  words: (Element | string)[],
  make: Make<Element>,
): (Element | string)[] {
  let inner = words;
  if (code) inner = [make("code", null, ...inner)];
  if (italic) inner = [make("em", null, ...inner)];
  if (bold) inner = [make("strong", null, ...inner)];
  // The server keeps no others; whoever shows trusts nobody.
  if (link && /^(https?:\/\/|mailto:|tel:)/.test(link)) inner = [anchor(link, inner, make)];
  return inner;
}

/** Addresses that stand in a text can be opened. */
export function linked<Element>(text: string, make: Make<Element>): (Element | string)[] {
  return piecesOf(text).map((piece) => (piece.href ? anchor(piece.href, [piece.text], make) : piece.text));
}

function anchor<Element>(href: string, words: (Element | string)[], make: Make<Element>): Element {
  return make("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...words);
}

function lettersOf(block: Block): string {
  return block.spans.map((span) => span.text).join("");
}

/** Neighbours that are alike, together. */
function runs<One, Kind>(all: readonly One[], kindOf: (one: One) => Kind): [Kind, One[]][] {
  const runs: [Kind, One[]][] = [];
  for (const one of all) {
    const kind = kindOf(one);
    const last = runs.at(-1);
    if (last && last[0] === kind) last[1].push(one);
    else runs.push([kind, [one]]);
  }
  return runs;
}
