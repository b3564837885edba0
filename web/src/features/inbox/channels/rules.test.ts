import { describe, expect, it } from "vitest";
import { channel } from "@/test/build";
import { inkOn, isColour } from "./colour";
import { readOrigins, wrongOrigins } from "./origins";
import { differenceOf } from "./use-saved";
import { wrongWith } from "./wrong";

describe("a colour", () => {
  it.each([
    ["#5b5bd6", true],
    ["#FFF", false],
    ["5b5bd6", false],
    ["#5b5bdg", false],
    ["", false],
  ])("%j is one: %s", (text, is) => {
    expect(isColour(text)).toBe(is);
  });
  it.each([
    ["#5b5bd6", "#ffffff"],
    ["#111111", "#ffffff"],
    ["#ffd500", "#16161d"],
    ["#ffffff", "#16161d"],
    ["nonsense", "#ffffff"],
  ])("on %s one reads %s", (colour, ink) => {
    expect(inkOn(colour)).toBe(ink);
  });
});

describe("allowed sites", () => {
  it.each([
    [
      "https://shop.example/\nHTTPS://shop.example, https://*.shop.example",
      ["https://shop.example", "https://*.shop.example"],
    ],
    ["", []],
    ["  \n ", []],
  ])("%j", (text, origins) => {
    expect(readOrigins(text)).toEqual(origins);
  });
  it.each([
    ["https://shop.example", true],
    ["https://*.shop.example", true],
    ["http://localhost:3000", true],
    ["shop.example", false],
    ["https://shop.example/path", false],
    ["https://*", false],
    ["ftp://shop.example", false],
    ["https://a.*.example", false],
  ])("%s is fine: %s", (origin, fine) => {
    expect(wrongOrigins([origin]).length === 0).toBe(fine);
  });
});

describe("what is sent of a changed channel", () => {
  const before = channel();
  it.each([
    [{ name: "Help" }, { name: "Help" }],
    [{ enabled: false }, { enabled: false }],
    [{ settings: { ...before.settings, title: "Hi" } }, { settings: { ...before.settings, title: "Hi" } }],
    [{}, {}],
  ])("%j", (change, expected) => {
    expect(differenceOf(before, { ...before, ...change })).toEqual(expected);
  });
});

describe("what keeps a channel from being saved", () => {
  const { settings } = channel();
  it.each([
    [{}, {}, []],
    [{ name: " " }, {}, ["name"]],
    [{}, { title: "" }, ["title"]],
    [{}, { color: "#12" }, ["color"]],
    [{}, { allowed_origins: ["https://ok.example", "shop"] }, ["allowed_origins"]],
    [{}, { reopen_within_hours: NaN }, ["reopen_within_hours"]],
    [{}, { reopen_within_hours: 8761 }, ["reopen_within_hours"]],
    [{}, { reopen_within_hours: 0 }, []],
  ])("%j %j: %j", (part, setting, fields) => {
    expect(Object.keys(wrongWith({ ...channel(), ...part, settings: { ...settings, ...setting } }))).toEqual(fields);
  });
});
