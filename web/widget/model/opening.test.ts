import { describe, expect, it } from "vitest";
import { conversation } from "../test/build";
import { threadToOpen } from "./opening";
import { isNew } from "./outbox";

const [one, two] = [conversation({ id: "c1" }), conversation({ id: "c2" })];
const resolved = conversation({ id: "c1", status: "resolved" });
const nothing = { thread: null, conversations: [], outgoing: [], hasDraft: () => false };

describe("an opening panel shows", () => {
  it.each<[string, Partial<Parameters<typeof threadToOpen>[0]>, string | null]>([
    ["a new conversation to somebody new", {}, "new"],
    ["the only conversation", { conversations: [one] }, "c1"],
    ["the list when the only one is resolved", { conversations: [resolved] }, null],
    ["the list when there are several", { conversations: [one, two] }, null],
    ["the one with an answer that was not read", { conversations: [one, { ...two, unread: 2 }] }, "c2"],
    [
      "the list when several have answers",
      {
        conversations: [
          { ...one, unread: 1 },
          { ...two, unread: 2 },
        ],
      },
      null,
    ],
    ["what was on screen", { thread: "c2", conversations: [one, { ...two, unread: 0 }] }, "c2"],
    ["what waits to begin a conversation", { conversations: [one], outgoing: ["c1", "new:9"] }, "new:9"],
    ["what was begun and is on its way", { thread: "new:1", outgoing: ["new:1"], conversations: [one] }, "new:1"],
    ["what was begun and is a draft", { thread: "new:1", hasDraft: () => true, conversations: [one] }, "new:1"],
    ["the conversation there is, when nothing was begun", { thread: "new:1", conversations: [one] }, "c1"],
    ["the same new one again, when there is no other", { thread: "new:1" }, "new:1"],
  ])("%s", (_, known, expected) => {
    const thread = threadToOpen({ ...nothing, ...known });
    expect(expected === "new" ? isNew(thread ?? "") : thread).toBe(expected === "new" ? true : expected);
  });
});
