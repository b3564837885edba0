import { describe, expect, it } from "vitest";
import type { Follower, LoggedEvent } from "@/contract";
import { lag, MOST_ROWS, onTop, progress, stateOf, who } from "./rules";

const event = (seq: number): LoggedEvent => ({
  seq,
  kind: "message.posted",
  caller: "user:1",
  subject: "conversation:1",
  at: "2026-11-21T12:00:00Z",
  cause: null,
  payload: null,
});
const follower = (change: Partial<Follower> = {}): Follower => ({
  name: "webhooks",
  state: "live",
  seq: 10,
  head: 10,
  behind: 0,
  behind_since: null,
  attempts: 0,
  last_error: null,
  dead: 0,
  replay: null,
  ...change,
});
const seqs = (events: LoggedEvent[]) => events.map((one) => one.seq);

describe("what is new", () => {
  it("stands on top, each once", () => {
    expect(seqs(onTop([event(4), event(3), event(2)], [event(2), event(1)]))).toEqual([4, 3, 2, 1]);
    expect(seqs(onTop([], [event(1)]))).toEqual([1]);
  });
  it("is bounded", () => {
    const many = Array.from({ length: MOST_ROWS }, (_, n) => event(MOST_ROWS - n));
    const all = onTop([event(MOST_ROWS + 1)], many);
    expect([all.length, all[0]?.seq]).toEqual([MOST_ROWS, MOST_ROWS + 1]);
  });
});

it("says who did it", () => {
  expect(["user:1", "contact:2", "system:timer"].map(who)).toEqual(["a member", "a customer", "timer"]);
});

describe("a follower", () => {
  it.each([
    [{}, "Live"],
    [{ state: "paused", attempts: 2 }, "Paused"],
    [{ attempts: 2 }, "Failing"],
    [{ state: "replaying" }, "Replaying"],
  ] as [Partial<Follower>, string][])("%j is %s", (change, word) => {
    expect(stateOf(follower(change)).word).toBe(word);
  });
  it("says how far it is behind", () => {
    const now = new Date("2026-11-21T12:03:00Z");
    expect(lag(follower(), now)).toBe("up to date");
    expect(lag(follower({ behind: 1, behind_since: "2026-11-21T12:02:20Z" }), now)).toBe("1 event, 40s");
    expect(lag(follower({ behind: 7, behind_since: "2026-11-21T12:00:00Z" }), now)).toBe("7 events, 3m");
  });
  it("says how far its replay is", () => {
    expect(progress({ from: 1, to: 10, done: 5 })).toBe(0.5);
    expect(progress({ from: 11, to: 10, done: 0 })).toBe(1);
  });
});
