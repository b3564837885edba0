import { describe, expect, it } from "vitest";
import { message } from "@/test/build";
import { addMessage, join, type Stretch } from "./messages";

const stretch = (from: number, to: number, has_earlier = false, has_later = false): Stretch => ({
  items: Array.from({ length: to - from + 1 }, (_, index) => message(from + index)),
  has_earlier,
  has_later,
});
const show = ({ items, has_earlier, has_later }: Stretch) =>
  `${has_earlier ? "…" : ""}${items.map((one) => one.position).join(",")}${has_later ? "…" : ""}`;

describe("a message comes to a thread", () => {
  it.each([
    ["the next one is added", stretch(3, 5, true), 6, "…3,4,5,6", false],
    ["one we have is not added twice", stretch(3, 5), 4, "3,4,5", false],
    ["one from before is left to loading earlier ones", stretch(3, 5, true), 1, "…3,4,5", false],
    ["one after a hole asks to be fetched", stretch(3, 5), 8, "3,4,5", true],
    ["the first of an empty thread", { items: [], has_earlier: false, has_later: false }, 1, "1", false],
    ["not the first of an empty thread", { items: [], has_earlier: false, has_later: false }, 3, "", true],
  ])("%s", (_, held, position, expected, gap) => {
    const added = addMessage(held, message(position));
    expect([show(added.stretch), added.gap]).toEqual([expected, gap]);
  });
});

describe("a page joins a thread", () => {
  it.each([
    ["nothing held", undefined, stretch(4, 6, true), "…4,5,6"],
    ["earlier ones", stretch(4, 6, true), stretch(1, 3), "1,2,3,4,5,6"],
    ["later ones that overlap", stretch(1, 4, false, true), stretch(3, 6), "1,2,3,4,5,6"],
    ["later ones that just touch", stretch(1, 3), stretch(4, 5), "1,2,3,4,5"],
    ["a page beyond a hole replaces", stretch(1, 3), stretch(8, 9, true), "…8,9"],
    ["a page within changes nothing", stretch(1, 6), stretch(2, 3, true, true), "1,2,3,4,5,6"],
    ["an empty page changes nothing", stretch(1, 3), { items: [], has_earlier: false, has_later: false }, "1,2,3"],
  ])("%s", (_, held, page, expected) => {
    expect(show(join(held, page))).toBe(expected);
  });
});
