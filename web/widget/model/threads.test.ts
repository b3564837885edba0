import { describe, expect, it } from "vitest";
import { conversation, message } from "../test/build";
import { unreadOf, withConversation, withMessages, withPage, withRead } from "./threads";

describe("the customer's conversations", () => {
  it("keep the newer view, whichever comes last", () => {
    const newer = withConversation([], conversation({ version: 3, n_messages: 3 }));
    expect(withConversation(newer, conversation({ version: 2 }))).toBe(newer);
  });

  it("never take a mark back", () => {
    const read = withRead([conversation({})], "c1", "team", 4);
    expect(withConversation(read, conversation({ version: 2, team_read: 2 }))[0]?.team_read).toBe(4);
  });

  it("stand with the newest activity first", () => {
    const all = withConversation(
      [conversation({})],
      conversation({ id: "c2", last_activity_at: "2026-01-02T10:00:00Z" }),
    );
    expect(all.map((one) => one.id)).toEqual(["c2", "c1"]);
  });

  it("are read when another device has read all of one", () => {
    const before = [conversation({ unread: 2, n_messages: 5 }), conversation({ id: "c2", unread: 1 })];
    expect(unreadOf(withRead(before, "c1", "contact", 5))).toBe(1);
    expect(unreadOf(withRead(before, "c1", "contact", 3))).toBe(3);
  });
});

describe("a thread", () => {
  it("holds each position once, in order", () => {
    const thread = withMessages({ messages: [message(1), message(3)], has_earlier: false }, [message(3), message(2)]);
    expect(thread.messages.map((one) => one.position)).toEqual([1, 2, 3]);
  });

  it("knows from the earliest page whether there is more above", () => {
    const newest = withPage(undefined, { items: [message(4), message(5)], has_earlier: true, has_later: false });
    expect(newest.has_earlier).toBe(true);
    const all = withPage(newest, { items: [message(1), message(2)], has_earlier: false, has_later: true });
    expect(all.has_earlier).toBe(false);
    expect(withPage(all, { items: [message(5)], has_earlier: true, has_later: false }).has_earlier).toBe(false);
  });
});
