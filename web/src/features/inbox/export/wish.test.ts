import { describe, expect, it } from "vitest";
import { exportOf, wishOf, wrongDays } from "./wish";

describe("a wish for an export", () => {
  it("begins with what the list shows, and asks for no more than was said", () => {
    const wish = wishOf({ view: "all", status: "open", channel_id: "ch1", label_id: "l1" });
    expect(exportOf(wish)).toEqual({
      format: "csv",
      with_notes: false,
      status: "open",
      channel_id: "ch1",
      label_id: "l1",
    });
    expect(exportOf(wishOf({}))).toEqual({ format: "csv", with_notes: false });
  });

  it("counts both days in, where one is", () => {
    const { since, until } = exportOf({ ...wishOf({}), first_day: "2026-11-01", last_day: "2026-11-01" });
    expect(new Date(since ?? "")).toEqual(new Date("2026-11-01T00:00:00"));
    expect(new Date(until ?? "")).toEqual(new Date("2026-11-02T00:00:00"));
  });

  it("has its days in order", () => {
    const days = (first_day: string, last_day: string) => wrongDays({ ...wishOf({}), first_day, last_day });
    expect(days("2026-11-02", "2026-11-01")).toMatch(/before/);
    for (const [first, last] of [
      ["", ""],
      ["2026-11-01", ""],
      ["", "2026-11-01"],
      ["2026-11-01", "2026-11-01"],
    ] as const)
      expect(days(first, last)).toBeUndefined();
  });
});
