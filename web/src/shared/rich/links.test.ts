import { describe, expect, it } from "vitest";
import { piecesOf } from "./links";

const show = (text: string) =>
  piecesOf(text)
    .map((piece) => (piece.href ? `[${piece.text}]` : piece.text))
    .join("");

describe("addresses in a text", () => {
  it.each([
    ["no address", "no address"],
    ["see https://shop.example/a?b=1.", "see [https://shop.example/a?b=1]."],
    ["(https://shop.example/a)", "([https://shop.example/a])"],
    ["https://en.example/Jack_(plug) fits", "[https://en.example/Jack_(plug)] fits"],
    ["http://a.example http://b.example", "[http://a.example] [http://b.example]"],
    ["javascript:alert(1)", "javascript:alert(1)"],
    ["", ""],
  ])("%s", (text, expected) => {
    expect(show(text)).toBe(expected);
  });
});
