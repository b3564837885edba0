import { Editor, getSchema } from "@tiptap/core";
import { describe, expect, it } from "vitest";
import type { Block } from "@/contract";
import { blocksIn, treeOf } from "./convert";
import { addressOf } from "./marks";
import { cleaned } from "./paste";
import { extensions } from "./schema";
import { queryAt } from "./suggestions";

const schema = getSchema(extensions);

/** Through the editor and back. */
const through = (blocks: Block[]) => blocksIn(schema.nodeFromJSON(treeOf(blocks)).toJSON());

const item = (text: string, more: Partial<Block> = {}): Block => ({ type: "bullet", spans: [{ text }], ...more });

describe("a document in the editor", () => {
  it.each<[string, Block[]]>([
    [
      "lines",
      [
        { type: "paragraph", spans: [{ text: "a" }] },
        { type: "paragraph", spans: [] },
      ],
    ],
    [
      "marks",
      [
        {
          type: "paragraph",
          spans: [
            { text: "b", bold: true, italic: true },
            { text: "c", code: true },
            { text: "l", link: "https://a.example" },
            { text: "Ada", mention: "u1" },
          ],
        },
      ],
    ],
    ["lists in lists", [item("a"), item("b", { level: 1 }), item("c", { level: 2 }), item("d")]],
    ["numbers", [item("a", { type: "number", number: 4 }), item("b", { type: "number" })]],
    ["one list behind another", [item("a"), item("b", { type: "number", number: 1 }), item("c", { level: 1 })]],
    [
      "quotes",
      [
        item("a", { quoted: true }),
        { type: "code", quoted: true, spans: [{ text: "x" }] },
        item("b", { quoted: true }),
        item("c"),
      ],
    ],
    [
      "code",
      [
        { type: "code", spans: [{ text: "a {" }] },
        { type: "code", spans: [] },
        { type: "code", spans: [{ text: "}" }] },
      ],
    ],
  ])("comes back as it was: %s", (_, blocks) => {
    schema.nodeFromJSON(treeOf(blocks)).check();
    expect(through(blocks)).toEqual(blocks);
  });

  it("of nothing is an empty line", () => {
    expect(through([])).toEqual([{ type: "paragraph", spans: [] }]);
  });
});

/** What the editor makes of something that is pasted. */
function pasted(html: string): Block[] {
  const editor = new Editor({ element: null, extensions, content: cleaned(html) });
  const blocks = blocksIn(editor.getJSON());
  editor.destroy();
  return blocks;
}

const words = (html: string) => pasted(html).map(({ type, spans }) => [type, spans.map((span) => span.text).join("")]);

describe("what is pasted", () => {
  it("has its breaks as lines, and its rows", () => {
    expect(words("<p>a<br>b</p><div>c<br><br>d</div>")).toEqual(
      ["a", "b", "c", "", "d"].map((text) => ["paragraph", text]),
    );
    expect(words("<table><tr><td>1</td><td> <b>2</b></td></tr><tr><td>3</td></tr></table>")).toEqual([
      ["paragraph", "1 · 2"],
      ["paragraph", "3"],
    ]);
    expect(words("<ul><li>a<br>b</li></ul>")).toEqual([["bullet", "a b"]]);
  });

  it("from Word has its lists", () => {
    const of = (sign: string, text: string) =>
      `<p class="MsoListParagraphCxSpFirst" style="mso-list:l0 level1"><span style="mso-list:Ignore">${sign}` +
      `<span>&nbsp;&nbsp;</span></span>${text}<o:p></o:p></p>`;
    const office = "<style>p{}</style><!--[if gte mso 9]><xml>x</xml><![endif]-->";
    const html = office + of("·", "one") + of("·", "two") + of("1.", "three");
    expect(words(html)).toEqual([
      ["bullet", "one"],
      ["bullet", "two"],
      ["number", "three"],
    ]);
  });

  it("from Google Docs is not bold as a whole, and headings are", () => {
    expect(
      pasted('<b style="font-weight:normal"><p>a <span style="font-weight:700">b</span></p><h1>c</h1></b>'),
    ).toEqual([
      { type: "paragraph", spans: [{ text: "a " }, { text: "b", bold: true }] },
      { type: "paragraph", spans: [{ text: "c", bold: true }] },
    ]);
  });

  it("brings nothing that runs", () => {
    const html = '<a href="javascript:alert(1)">a</a><script>b</script><img src=x onerror=c><iframe srcdoc=d></iframe>';
    expect(pasted(html)).toEqual([{ type: "paragraph", spans: [{ text: "a" }] }]);
  });
});

describe("an address", () => {
  it.each([
    ["shop.example/a?b", "https://shop.example/a?b"],
    [" HTTPS://Shop.example ", "https://Shop.example"],
    ["ada@shop.example", "mailto:ada@shop.example"],
    ["tel:+49 30", null],
    ["javascript:alert(1)", null],
    ["https://bank.example@shop.example/", null],
    ["hello", null],
    ["", null],
  ])("of %j is %j", (typed, address) => {
    expect(addressOf(typed)).toBe(address);
  });
});

describe("a suggestion", () => {
  const at = (text: string) => {
    const editor = new Editor({
      element: null,
      extensions,
      content: { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text }] }] },
    });
    editor.commands.setTextSelection(text.length + 1);
    const query = queryAt(editor.state);
    editor.destroy();
    return query && query.sign + query.text;
  };
  it.each([
    ["ask @", "@"],
    ["ask @Tom Ok", "@Tom Ok"],
    ["mail a@b", null],
    ["so :tad", ":tad"],
    ["at 10:30", null],
    ["so :t", null],
  ])("in %j is for %j", (text, query) => {
    expect(at(text)).toBe(query);
  });
});
