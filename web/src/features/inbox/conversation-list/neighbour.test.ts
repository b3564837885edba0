import { describe, expect, it } from "vitest";
import { neighbour } from "./neighbour";

describe("the neighbour in a list", () => {
  it.each([
    ["abc", "a", 0, 1, "b"],
    ["abc", "c", 2, 1, "c"],
    ["abc", "b", 1, -1, "a"],
    ["abc", "a", 0, -1, "a"],
    ["abc", undefined, 0, 1, "a"],
    ["abc", undefined, 0, -1, "c"],
    ["ac", "b", 1, 1, "c"],
    ["ac", "b", 1, -1, "a"],
    ["ab", "c", 2, 1, "b"],
    ["", "a", 0, 1, undefined],
  ] as const)("of %s at %s (was %i) by %i is %s", (ids, at, was, step, expected) => {
    expect(neighbour([...ids], at, was, step)).toBe(expected);
  });
});
