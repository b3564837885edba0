// What is pasted from elsewhere keeps its meaning and loses its looks. The schema drops what it does not know; here is
// only what it would misread.

export function cleaned(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  // Word and Excel bring styles, comments and elements of their own.
  page.querySelectorAll("style, script, meta, title, xml, o\\:p:empty, img, svg, button, input").forEach(drop);
  page.querySelectorAll<HTMLElement>("p[class*=MsoListParagraph]").forEach(asItem);
  page.querySelectorAll("h1, h2, h3, h4, h5, h6, summary").forEach((heading) => swap(heading, "p", "strong"));
  page.querySelectorAll("tr").forEach(asLine);
  page.querySelectorAll("br").forEach(breakAt);
  return page.body.innerHTML;
}

const drop = (one: Element): void => one.remove();

function swap(from: Element, ...names: string[]): Element {
  const chain = names.map((name) => from.ownerDocument.createElement(name));
  chain.reduce((outer, inner) => (outer.append(inner), inner)).append(...from.childNodes);
  from.replaceWith(chain[0]!);
  return chain[0]!;
}

/** Word writes items as paragraphs with the sign in front. */
function asItem(paragraph: HTMLElement): void {
  const sign = paragraph.querySelector("[style*='mso-list:Ignore'], [style*='mso-list: Ignore']");
  const isNumbered = /^\s*\(?[\da-z]+[.)]/i.test(sign?.textContent ?? "");
  sign?.remove();
  const name = isNumbered ? "ol" : "ul";
  const before = paragraph.previousElementSibling;
  const list = before?.matches(`${name}[data-word]`) ? before : paragraph.ownerDocument.createElement(name);
  list.setAttribute("data-word", "");
  paragraph.before(list);
  list.append(swap(paragraph, "li"));
}

/** A row of a table is a line with its cells. */
function asLine(row: Element): void {
  const cells = [...row.querySelectorAll("td, th")].map((cell) => cell.textContent.replace(/\s+/g, " ").trim());
  const line = row.ownerDocument.createElement("p");
  line.textContent = cells.filter(Boolean).join(" · ");
  const table = row.closest("table");
  if (!table) return;
  table.before(line);
  row.remove();
  if (!table.querySelector("tr")) table.remove();
}

const BLOCKS = "p, div, blockquote, section, article, td, body";

/** A break begins a new line, in an item it is a space. */
function breakAt(line_break: Element): void {
  const block = line_break.closest(`li, pre, ${BLOCKS}`);
  if (!block || block.matches("pre")) return line_break.replaceWith("\n");
  if (block.matches("li")) return line_break.replaceWith(" ");
  const range = line_break.ownerDocument.createRange();
  range.setStart(block, 0);
  range.setEndBefore(line_break);
  const before = line_break.ownerDocument.createElement("p");
  before.append(range.extractContents());
  if (block.matches("p, div")) block.before(before);
  else block.prepend(before);
  line_break.remove();
}
