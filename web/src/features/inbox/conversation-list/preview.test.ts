import { describe, expect, it } from "vitest";
import type { LastMessage } from "@/contract";
import { ME } from "@/test/build";
import { previewOf } from "./preview";

const last = (change: Partial<LastMessage>): LastMessage => ({
  position: 1,
  kind: "customer",
  author: { kind: "contact", id: "p1", name: "Grace Hopper" },
  preview: "Hi  there\nall",
  at: "",
  ...change,
});
const user = (id: string, name: string) => ({ kind: "user" as const, id, name });

describe("the preview of a conversation", () => {
  it.each([
    [null, { who: null, text: "No messages yet", isNote: false }],
    [last({}), { who: null, text: "Hi there all", isNote: false }],
    [last({ kind: "reply", author: user(ME, "Ada Lovelace") }), { who: "You", text: "Hi there all", isNote: false }],
    [last({ kind: "note", author: user("u2", "Alan Turing") }), { who: "Alan", text: "Hi there all", isNote: true }],
  ])("%j", (message, expected) => {
    expect(previewOf(message, ME)).toEqual(expected);
  });
});
