import { describe, expect, it } from "vitest";
import type { Job } from "@/contract";
import { job } from "@/test/build";
import { partOf, partOfAll } from "./rules";
import { sayRemaining, saySize, sayState } from "./words";

const now = new Date("2026-11-21T09:10:00Z");

describe("a job", () => {
  it("says where it stands in one line", () => {
    const file = { name: "a.csv", kind: "text/csv", bytes: 12_340, until: "2026-11-28T09:00:00Z" } as const;
    const table: [Partial<Job>, RegExp][] = [
      [{ state: "waiting" }, /^Waits for its turn$/],
      [{ done: 1_234 }, /^1.?234 done$/],
      [{ done: 41, total: 100 }, /^41%$/],
      [{ done: 41, total: 100, remaining_seconds: 130 }, /^41% · about 2 minutes left$/],
      [{ done: 41, total: 100, is_cancelling: true }, /^Is being cancelled$/],
      [{ reason: "the disk is full" }, /^Had trouble; trying again$/],
      [{ state: "finished", ended_at: "2026-11-21T09:06:00Z" }, /^Finished 4m ago$/],
      [{ state: "finished", ended_at: now.toISOString(), file }, /^Finished just now · 12\.3 KB · here until /],
      [{ state: "failed", ended_at: now.toISOString() }, /^Failed just now$/],
      [{ state: "cancelled", ended_at: now.toISOString() }, /^Cancelled just now$/],
    ];
    for (const [change, expected] of table) expect(sayState(job(change), now)).toMatch(expected);
  });

  it("has come so far", () => {
    expect(partOf(job({ done: 5 }))).toBeNull();
    expect(partOf(job({ done: 5, total: 0 }))).toBeNull();
    expect(partOf(job({ done: 5, total: 10 }))).toBe(0.5);
    expect(partOf(job({ done: 15, total: 10 }))).toBe(1);
    expect(partOf(job({ state: "finished" }))).toBe(1);
    expect(partOfAll([job({ done: 5, total: 10 }), job({ done: 1, total: 1 }), job()])).toBe(0.75);
    expect(partOfAll([job()])).toBeNull();
  });

  it("tells times and sizes as people do", () => {
    const times: [number, string][] = [
      [3, "a moment left"],
      [42, "about 45 seconds left"],
      [70, "about 1 minute left"],
      [3_500, "about 58 minutes left"],
      [7_300, "about 2 hours left"],
    ];
    for (const [seconds, expected] of times) expect(sayRemaining(seconds)).toBe(expected);
    const sizes: [number, string][] = [
      [0, "0 B"],
      [812, "812 B"],
      [12_340, "12.3 KB"],
      [190_400_000, "190 MB"],
      [5_000_000_000, "5.0 GB"],
    ];
    for (const [bytes, expected] of sizes) expect(saySize(bytes)).toBe(expected);
  });
});
