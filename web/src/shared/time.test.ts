import { describe, expect, it } from "vitest";
import { daysBetween, rowTime, span } from "./time";

const now = new Date(2026, 10, 21, 15, 0, 0);
const ago = (ms: number) => new Date(now.getTime() - ms).toISOString();

describe("the time in a row", () => {
  it.each([
    [5_000, "now"],
    [4 * 60_000, "4m"],
    [59 * 60_000, "59m"],
  ])("%i ms ago reads %s", (ms, text) => {
    expect(rowTime(ago(ms), now)).toBe(text);
  });

  it("names the weekday within a week and the date before it", () => {
    const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
    const twoDays = new Date(2026, 10, 19, 23, 59);
    expect(rowTime(twoDays.toISOString(), now)).toBe(weekday.format(twoDays));
    expect(rowTime(new Date(2026, 2, 3).toISOString(), now)).toMatch(/3/);
    expect(rowTime(new Date(2024, 2, 3).toISOString(), now)).toMatch(/2024/);
  });
});

describe("days between", () => {
  it.each([
    [new Date(2026, 10, 21, 0, 1), 0],
    [new Date(2026, 10, 20, 23, 59), 1],
    [new Date(2026, 10, 22, 0, 1), -1],
  ])("%s is %i days before", (at, days) => {
    expect(daysBetween(at, now)).toBe(days);
  });
});

describe("a span", () => {
  it.each([
    [0, "0s"],
    [61_000, "1m"],
    [3 * 3_600_000, "3h"],
    [50 * 3_600_000, "2d"],
  ])("%i ms is %s", (ms, text) => {
    expect(span(ms)).toBe(text);
  });
});
