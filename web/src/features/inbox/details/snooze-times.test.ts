import { describe, expect, it } from "vitest";
import { daysToMonday, fieldValue, snoozeChoices } from "./snooze-times";

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute); // 2026-11-16 is a Monday

describe("snooze choices", () => {
  it.each([
    [
      at(18, 10, 20),
      ["Later today 2026-11-18T13:00", "Tomorrow morning 2026-11-19T09:00", "Next week 2026-11-23T09:00"],
    ],
    [
      at(18, 18, 59),
      ["Later today 2026-11-18T21:00", "Tomorrow morning 2026-11-19T09:00", "Next week 2026-11-23T09:00"],
    ],
    [at(18, 19, 0), ["Tomorrow morning 2026-11-19T09:00", "Next week 2026-11-23T09:00"]],
    [at(18, 23, 30), ["Tomorrow morning 2026-11-19T09:00", "Next week 2026-11-23T09:00"]],
    [at(16, 8), ["Later today 2026-11-16T11:00", "Tomorrow morning 2026-11-17T09:00", "Next week 2026-11-23T09:00"]],
    [at(30, 8), ["Later today 2026-11-30T11:00", "Tomorrow morning 2026-12-01T09:00", "Next week 2026-12-07T09:00"]],
  ])("at %s", (now, expected) => {
    expect(snoozeChoices(now).map((one) => `${one.label} ${fieldValue(one.until)}`)).toEqual(expected);
  });
});

describe("days to Monday", () => {
  it.each([
    [15, 1],
    [16, 7],
    [17, 6],
    [20, 3],
    [21, 2],
  ])("from the %i-th of November 2026: %i", (day, days) => {
    expect(daysToMonday(at(day, 12))).toBe(days);
  });
});
