import { describe, expect, it } from "vitest";
import type { Block } from "@/contract";
import { blocksOf, contentOf, isBlank, joined, known, numbersOf, textOf } from "./document";

const line = (text: string, more: Partial<Block> = {}): Block => ({
  type: "paragraph",
  spans: text ? [{ text }] : [],
  ...more,
});

describe("a document", () => {
  it.each<[string, Block[], string]>([
    ["lines", [line("a"), line(""), line("b")], "a\n\nb"],
    [
      "lists",
      [
        line("one", { type: "bullet" }),
        line("in it", { type: "number", level: 1 }),
        line("too", { type: "number", level: 1 }),
        line("two", { type: "bullet" }),
      ],
      "- one\n  1. in it\n  2. too\n- two",
    ],
    [
      "a list that goes on",
      [line("a", { type: "number" }), line("b"), line("c", { type: "number", number: 2 })],
      "1. a\nb\n2. c",
    ],
    ["a quote", [line("said", { quoted: true }), line("mine")], "> said\nmine"],
    ["code", [line("if (a) {", { type: "code" }), line("}", { type: "code" })], "if (a) {\n}"],
    ["a mention", [{ type: "paragraph", spans: [{ text: "Ada", mention: "u1" }, { text: " knows" }] }], "@Ada knows"],
    [
      "a link",
      [{ type: "paragraph", spans: [{ text: "shop", link: "https://shop.example" }] }],
      "shop (https://shop.example)",
    ],
    ["a mailbox", [{ type: "paragraph", spans: [{ text: "a@b.example", link: "mailto:a@b.example" }] }], "a@b.example"],
  ])("reads as text: %s", (_, blocks, text) => {
    expect(textOf(blocks)).toBe(text);
  });

  it("counts anew in another list and behind something else", () => {
    const item = (more: Partial<Block> = {}) => line("x", { type: "number", ...more });
    expect(numbersOf([item(), item({ level: 1 }), item(), item({ level: 1 }), line("y"), item()])).toEqual([
      1, 1, 2, 1, 0, 1,
    ]);
    expect(numbersOf([item(), item({ quoted: true }), item({ number: 7, quoted: true })])).toEqual([1, 1, 7]);
  });

  it("is letters where letters say it all", () => {
    expect(contentOf(blocksOf("a\n\nb"))).toBe("a\n\nb");
    const rich = [line("a", { type: "bullet" })];
    expect(contentOf(rich)).toBe(rich);
    expect(contentOf([{ type: "paragraph", spans: [{ text: "https://a.example", link: "https://a.example" }] }])).toBe(
      "https://a.example",
    );
  });

  it("is joined with an empty line between, and what is blank adds nothing", () => {
    expect(joined("a", "", "b")).toBe("a\n\nb");
    expect(joined("", "")).toBe("");
    const rich = [line("a", { type: "bullet" })];
    expect(joined(rich, " ")).toBe(rich);
    expect(joined("b", rich)).toEqual([line("b"), line(""), ...rich]);
    expect(isBlank([line(" "), line("", { type: "bullet" })])).toBe(true);
  });

  it("of a later version is not shown, its text is", () => {
    expect(known([line("a")])).toHaveLength(1);
    expect(known(null)).toBeNull();
    expect(known([{ ...line("a"), type: "table" } as unknown as Block])).toBeNull();
  });
});
