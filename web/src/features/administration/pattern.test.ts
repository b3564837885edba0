import { describe, expect, it } from "vitest";
import { isPattern, matches, patternsOf, suggestions } from "./pattern";

describe("a pattern", () => {
  // The same list as the server's, in kernel/src/pattern.rs.
  it.each([
    [["conversation.resolved"], "conversation.resolved", true],
    [["conversation.*"], "conversation.resolved", true],
    [["conversation.*"], "conversation", false],
    [["conversation.*"], "conversation.label.added", false],
    [["conversation.**"], "conversation.label.added", true],
    [["conversation.**"], "conversation", true],
    [["**.resolved"], "resolved", true],
    [["**.resolved"], "a.b.resolved", true],
    [["**.resolved"], "conversation.resolved.again", false],
    [["**.b.**.d"], "a.b.c.b.d", true],
    [["*"], "message.posted", false],
    [["message.posted", "contact.*"], "contact.created", true],
    [["**", "!message.*"], "message.posted", false],
    [["**", "!message.*"], "contact.created", true],
    [["!message.*"], "contact.created", false],
    [[], "contact.created", false],
  ])("%j and %s: %s", (patterns, kind, expected) => {
    expect(matches(patterns, kind)).toBe(expected);
  });

  it.each(["", "!", "a..b", "a.res*", "***", "Message.posted", "!!a", "a.b.c.d.e.f.g.h.i", "a".repeat(101)])(
    "is not %j",
    (pattern) => expect(isPattern(pattern)).toBe(false),
  );
});

it("is read from what was typed, each once", () => {
  expect(patternsOf(" message.*, contact.*\n message.* ")).toEqual(["message.*", "contact.*"]);
});

it("is suggested for each noun", () => {
  expect(suggestions(["message.posted", "label.created", "label.deleted"])).toEqual(["**", "label.*", "message.*"]);
});
