// What our documents know and the editor does not bring along: links that only lead where they may, and mentions.
import { InputRule, Mark, Node, mergeAttributes } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";

/** The server takes no others. A name before the host would only make the host look like another. */
const ADDRESS = /^(https?:\/\/[^/?#@\s\p{C}]+([/?#][^\s\p{C}]*)?|(mailto|tel):[^\s\p{C}]+)$/u;
const LONGEST = 2_000;

/** An address that a link may lead to, from what somebody typed; null when there is none. */
export function addressOf(typed: string): string | null {
  const address = withScheme(typed.trim()).replace(/["<>\\^`{|}]/g, encodeURIComponent);
  return ADDRESS.test(address) && Array.from(address).length <= LONGEST ? address : null;
}

/** The scheme that people leave out. */
function withScheme(text: string): string {
  if (/^(https?|mailto|tel):/i.test(text)) return text.replace(/^[a-z]+/i, (scheme) => scheme.toLowerCase());
  if (/^[^\s@:/]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`;
  return /^[^\s/:@]+\.[^\s/:@.]{2,}([/?#]\S*)?$/.test(text) ? `https://${text}` : text;
}

export const Link = Mark.create({
  name: "link",
  inclusive: false,
  exitable: true,
  addAttributes: () => ({ href: { default: null, parseHTML: hrefOf } }),
  parseHTML: () => [{ tag: "a[href]", getAttrs: (one) => (hrefOf(one) ? null : false) }],
  renderHTML: ({ HTMLAttributes }) => ["a", mergeAttributes(HTMLAttributes, { rel: "noopener noreferrer" }), 0],
  addInputRules() {
    return [
      new InputRule({
        find: /\[([^\]]+)\]\(([^\s)]+)\)$/,
        handler: ({ state, range, match }) => {
          const [, text = "", to = ""] = match;
          const href = addressOf(to);
          if (!href) return null;
          state.tr.replaceWith(range.from, range.to, this.editor.schema.text(text, [this.type.create({ href })]));
          state.tr.removeStoredMark(this.type);
        },
      }),
    ];
  },
  // An address that is pasted over words becomes their link.
  addProseMirrorPlugins() {
    const handlePaste = (_: unknown, event: ClipboardEvent): boolean => {
      const href = ADDRESS.exec(event.clipboardData?.getData("text/plain").trim() ?? "")?.[0];
      if (!href || this.editor.state.selection.empty) return false;
      return this.editor.commands.setMark(this.type, { href });
    };
    return [new Plugin({ props: { handlePaste } })];
  },
});

function hrefOf(anchor: HTMLElement): string | null {
  return addressOf(anchor.getAttribute("href") ?? "");
}

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export const Mention = Node.create({
  name: "mention",
  group: "inline",
  inline: true,
  atom: true,
  marks: "",
  addAttributes: () => ({ id: { default: null, rendered: false }, label: { default: "", rendered: false } }),
  parseHTML: () => [
    {
      tag: "span[data-mention]",
      getAttrs: (one) =>
        ID.test(one.dataset.mention ?? "") && { id: one.dataset.mention, label: one.textContent.replace(/^@/, "") },
    },
  ],
  renderHTML: ({ node }) => ["span", { class: "mention", "data-mention": node.attrs.id }, `@${node.attrs.label}`],
  renderText: ({ node }) => `@${node.attrs.label}`,
});
