import { describe, expect, it } from "vitest";
import { safeReturn, tenantsToChoose } from "./tenants";

describe("the companies to choose from", () => {
  it.each([
    [
      [
        { field: "tenant", message: "acme" },
        { field: "tenant", message: "engine-works" },
      ],
      ["acme", "engine-works"],
    ],
    [[{ field: "tenant", message: "acme, engine-works" }], ["acme", "engine-works"]],
    [[{ field: "email", message: "acme" }], []],
    [[], []],
  ])("%j", (errors, slugs) => {
    expect(tenantsToChoose({ errors })).toEqual(slugs);
  });
});

describe("the way back after signing in", () => {
  it.each([
    ["/inbox/mine/c1?status=any", "/inbox/mine/c1?status=any"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["https://evil.example", "/"],
    ["/sign-in?return=/x", "/"],
    [undefined, "/"],
  ])("%s leads to %s", (to, expected) => {
    expect(safeReturn(to)).toBe(expected);
  });
});
