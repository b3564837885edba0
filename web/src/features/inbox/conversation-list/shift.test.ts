import { describe, expect, it } from "vitest";
import { shiftOf } from "./shift";

describe("the rows in view", () => {
  it.each([
    ["abcdefgh", "nabcdefgh", 2, 1],
    ["abcdefgh", "bcdefgh", 2, -1],
    ["abcdefgh", "cabdefgh", 2, 0],
    ["abcdefgh", "habcdefg", 2, 1],
    ["abcdefgh", "abcdefgh", 2, 0],
    ["abcdefgh", "xyz", 2, 0],
    ["", "abc", 0, 0],
  ])("of %s in %s from %i have moved by %i", (before, after, first, expected) => {
    expect(shiftOf([...before], [...after], first)).toBe(expected);
  });
});
