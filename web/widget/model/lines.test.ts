import { describe, expect, it } from "vitest";
import type { VisitorMessage } from "../server";
import { groupsOf } from "./lines";

const NOW = new Date(2026, 4, 20, 12, 0);
const at = (day: number, hour: number, minute = 0) => new Date(2026, 4, day, hour, minute).toISOString();
const said = (position: number, when: string, name?: string): VisitorMessage => ({
  id: `m${position}`,
  conversation_id: "c1",
  position,
  mine: !name,
  name: name ?? "Ada",
  text: `${position}`,
  rich: null,
  key: `k${position}`,
  at: when,
});
const shape = (...messages: VisitorMessage[]) =>
  groupsOf({ messages, has_earlier: false }, [], NOW).map((one) => [one.day, one.name, one.bubbles.length]);

describe("the layout of a thread", () => {
  it("groups one speaker until a pause, another speaker, or another day", () => {
    expect(
      shape(
        said(1, at(19, 9)),
        said(2, at(19, 9, 2)),
        said(3, at(19, 9, 3), "Maya"),
        said(4, at(19, 9, 30), "Maya"),
        said(5, at(20, 9), "Maya"),
        said(6, at(20, 9, 1), "Tom"),
      ),
    ).toEqual([
      ["Yesterday", "", 2],
      [null, "Maya", 1],
      [null, "Maya", 1],
      ["Today", "Maya", 1],
      [null, "Tom", 1],
    ]);
  });

  it("shows what is on its way last, and once when it has arrived", () => {
    const waiting = (key: string) => ({ key, thread: "c1", text: key, at: at(20, 9, 1), owner: null, failed: null });
    const [group] = groupsOf(
      { messages: [said(1, at(20, 9))], has_earlier: false },
      [waiting("k1"), waiting("k2")],
      NOW,
    );
    expect(group?.bubbles.map((one) => [one.key, one.position])).toEqual([
      ["k1", 1],
      ["k2", 0],
    ]);
  });
});
