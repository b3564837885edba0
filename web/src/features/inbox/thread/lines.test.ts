import { describe, expect, it } from "vitest";
import type { Message } from "@/contract";
import { ME, message } from "@/test/build";
import type { Outgoing } from "../composer/outbox";
import { type Line, linesOf } from "./lines";

const me = { id: ME, name: "Ada Lovelace" };
const at = (day: number, hour: number, minute: number) => new Date(2026, 10, day, hour, minute).toISOString();
const said = (position: number, time: string, change: Partial<Message> = {}) =>
  message(position, { at: time, ...change });
const byMe = { kind: "reply" as const, author: { kind: "user" as const, id: ME, name: "Ada Lovelace" } };
const outgoing = (key: string, time: string): Outgoing => ({
  key,
  by: ME,
  conversation_id: "c1",
  kind: "reply",
  text: "soon",
  seen: 1,
  at: time,
  state: "sending",
  attempts: 0,
});

/** `D` day, `U` unread, `A` activity; speech as first `(`, middle `-`, last `)`, alone `o`. */
const show = (lines: Line[]) =>
  lines
    .map((line) =>
      line.type === "speech"
        ? line.isFirst
          ? line.isLast
            ? "o"
            : "("
          : line.isLast
            ? ")"
            : "-"
        : line.type.charAt(0).toUpperCase(),
    )
    .join("");

describe("the lines of a thread", () => {
  it.each<[string, Message[], Outgoing[], number | null, string]>([
    ["nothing", [], [], null, ""],
    ["one message", [said(1, at(20, 9, 0))], [], null, "Do"],
    [
      "the same speaker is grouped",
      [said(1, at(20, 9, 0)), said(2, at(20, 9, 1)), said(3, at(20, 9, 2))],
      [],
      null,
      "D(-)",
    ],
    ["a pause parts them", [said(1, at(20, 9, 0)), said(2, at(20, 9, 6))], [], null, "Doo"],
    ["a new day parts them", [said(1, at(20, 23, 59)), said(2, at(21, 0, 1))], [], null, "DoDo"],
    ["another speaker parts them", [said(1, at(20, 9, 0)), said(2, at(20, 9, 1), byMe)], [], null, "Doo"],
    [
      "a note is apart from a reply",
      [said(1, at(20, 9, 0), byMe), said(2, at(20, 9, 1), { ...byMe, kind: "note" })],
      [],
      null,
      "Doo",
    ],
    [
      "an activity parts them",
      [
        said(1, at(20, 9, 0)),
        said(2, at(20, 9, 1), { kind: "activity", activity: { type: "opened" } }),
        said(3, at(20, 9, 2)),
      ],
      [],
      null,
      "DoAo",
    ],
    ["the unread line stands before the first unread", [said(1, at(20, 9, 0)), said(2, at(20, 9, 1))], [], 1, "DoUo"],
    [
      "the unread line waits for a customer's message",
      [said(1, at(20, 9, 0)), said(2, at(20, 9, 1), byMe), said(3, at(20, 9, 2))],
      [],
      1,
      "DooUo",
    ],
    ["no unread line when all was read", [said(1, at(20, 9, 0))], [], 1, "Do"],
    [
      "what is on its way joins my last words",
      [said(1, at(20, 9, 0), byMe)],
      [outgoing("k", at(20, 9, 1))],
      null,
      "D()",
    ],
  ])("%s", (_, messages, sending, read_through, expected) => {
    expect(show(linesOf({ messages, outgoing: sending, read_through, me }))).toBe(expected);
  });

  it("puts the customer left and the team right", () => {
    const lines = linesOf({
      messages: [said(1, at(20, 9, 0)), said(2, at(20, 9, 1), byMe)],
      outgoing: [],
      read_through: null,
      me,
    });
    expect(lines.flatMap((line) => (line.type === "speech" ? [line.speech.side] : []))).toEqual(["left", "right"]);
  });
});
