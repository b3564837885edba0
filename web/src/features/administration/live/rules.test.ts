import { describe, expect, it } from "vitest";
import { bytes, depth, inOrder, type LiveEntity } from "./rules";

const entity = (label: string, change: Partial<LiveEntity> = {}): LiveEntity => ({
  kind: "conversation",
  id: label,
  label,
  state: "live",
  mailbox: 0,
  restarts: 0,
  handled: 0,
  idle_seconds: 0,
  ...change,
});

describe("the order of entities", () => {
  it("puts the troubled first and counts numbers as numbers", () => {
    const all = [entity("#10"), entity("#9"), entity("#11", { state: "quarantined" })];
    expect(inOrder(all).map((one) => one.label)).toEqual(["#11", "#9", "#10"]);
  });
  it("does not depend on how busy they are", () => {
    const one = inOrder([entity("#1", { mailbox: 9 }), entity("#2")]).map((row) => row.label);
    const two = inOrder([entity("#2", { mailbox: 9 }), entity("#1")]).map((row) => row.label);
    expect(one).toEqual(two);
  });
});

describe("the depth of a mailbox", () => {
  it.each([
    [0, 0],
    [1, 0.125],
    [3, 0.25],
    [255, 1],
    [9999, 1],
  ])("%i is %f", (n, expected) => {
    expect(depth(n)).toBeCloseTo(expected);
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1536, "2 KiB"],
    [3 * 1024 * 1024, "3.0 MiB"],
  ])("%i is %s", (n, text) => {
    expect(bytes(n)).toBe(text);
  });
});
