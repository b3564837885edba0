import { describe, expect, it } from "vitest";
import { sends } from "./media";

const none = { key: "Enter", shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, isComposing: false };

describe("a key in a composer", () => {
  it.each([
    ["Enter sends at a keyboard", {}, false, true],
    ["Enter makes a new line under a finger", {}, true, false],
    ["Shift and Enter make a new line", { shiftKey: true }, false, false],
    ["Alt and Enter make a new line", { altKey: true }, false, false],
    ["Ctrl and Enter send everywhere", { ctrlKey: true }, true, true],
    ["Cmd and Enter send everywhere", { metaKey: true }, true, true],
    ["Enter chooses a word while one is being composed", { isComposing: true }, false, false],
    ["other keys are letters", { key: "a" }, false, false],
  ])("%s", (_, change, isByFinger, expected) => {
    expect(sends({ ...none, ...change }, isByFinger)).toBe(expected);
  });
});
