import { describe, expect, it } from "vitest";
import { advance, chordOf } from "./sequence";

const all = [{ keys: "j" }, { keys: "g i" }, { keys: "g s" }, { keys: "s" }, { keys: "mod+k" }, { keys: "?" }];
const any = () => true;

describe("a key press", () => {
  it.each([
    ["j", null, "j", false],
    ["g", null, null, true],
    ["i", "g", "g i", false],
    ["s", "g", "g s", false],
    ["s", null, "s", false],
    ["j", "g", "j", false],
    ["x", "g", null, false],
    ["?", null, "?", false],
  ] as const)("%s after %s finds %s", (chord, before, found, begins) => {
    expect(advance(all, chord, before, any)).toEqual({ found: found === null ? null : { keys: found }, begins });
  });

  it("passes over what is not allowed here", () => {
    expect(advance(all, "j", null, () => false)).toEqual({ found: null, begins: false });
  });

  it.each([
    [{ key: "K", ctrlKey: true, metaKey: false, altKey: false }, "mod+k"],
    [{ key: "k", ctrlKey: false, metaKey: true, altKey: false }, "mod+k"],
    [{ key: "?", ctrlKey: false, metaKey: false, altKey: false }, "?"],
    [{ key: "ArrowDown", ctrlKey: false, metaKey: false, altKey: false }, "down"],
    [{ key: "Enter", ctrlKey: true, metaKey: false, altKey: false }, "mod+enter"],
  ])("%o reads as %s", (pressed, chord) => {
    expect(chordOf(pressed)).toBe(chord);
  });
});
