import { describe, expect, it } from "vitest";
import type { Delivery, Webhook } from "@/contract";
import { answerOf, deliveryState, lineOf, stateOf, wrongAddress } from "./rules";

const now = new Date("2026-11-21T12:00:00Z");
const webhook = (change: Partial<Webhook> = {}): Webhook => ({
  id: "w1",
  name: "Shop",
  url: "https://shop.example/hook",
  patterns: ["**"],
  at_once: 4,
  state: "live",
  reason: null,
  failures: 0,
  failing_since: null,
  last_attempt_at: null,
  last_success_at: null,
  old_secret_until: null,
  created_at: "2026-11-20T12:00:00Z",
  ...change,
});

describe("a webhook", () => {
  it.each([
    [webhook(), "Live", "Nothing was sent yet"],
    [webhook({ last_success_at: "2026-11-21T11:56:00Z" }), "Live", "Last answered 4m ago"],
    [webhook({ last_success_at: "2026-11-21T11:59:50Z" }), "Live", "Last answered just now"],
    [
      webhook({ failing_since: "2026-11-21T11:30:00Z", failures: 3 }),
      "Failing",
      "Failing since 30m, 3 attempts in a row",
    ],
    [webhook({ state: "paused" }), "Paused", "What happens is kept, and sent once it is enabled."],
    [webhook({ state: "disabled", reason: "it answered that it is gone" }), "Disabled", "it answered that it is gone"],
  ])("says how it is", (one, word, line) => {
    expect([stateOf(one).word, lineOf(one, now)]).toEqual([word, line]);
  });
});

describe("a delivery", () => {
  it.each([
    [{ state: "waiting", attempts: 0 }, "Waiting"],
    [{ state: "waiting", attempts: 2 }, "Will try again"],
    [{ state: "delivered", attempts: 1 }, "Delivered"],
    [{ state: "failed", attempts: 9 }, "Failed"],
  ] as [Delivery, string][])("%j is %s", (delivery, word) => {
    expect(deliveryState(delivery).word).toBe(word);
  });
  it("says what came back", () => {
    expect(answerOf({ last_status: 204 })).toBe("204");
    expect(answerOf({ last_error: "the answer broke off" })).toBe("no answer");
    expect(answerOf({})).toBe("");
  });
});

it("knows an address", () => {
  expect(wrongAddress("https://shop.example/hook")).toBeUndefined();
  expect(wrongAddress("shop.example")).toBeTruthy();
  expect(wrongAddress("https://shop example")).toBeTruthy();
});
