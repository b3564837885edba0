import { describe, expect, it } from "vitest";
import { checkEmail, checkPassword } from "./rules";

describe("an e-mail address", () => {
  it.each([
    ["ada@engine.example", true],
    [" ada@engine.example ", true],
    ["", false],
    ["ada", false],
    ["ada@", false],
    ["a b@c.d", false],
  ])("%j is fine: %s", (text, fine) => {
    expect(checkEmail(text) === true).toBe(fine);
  });
});

describe("a password", () => {
  it.each([
    ["", "Choose a password."],
    ["123456789", "1 more character, please: at least 10."],
    ["1234", "6 more characters, please: at least 10."],
    ["1234567890", true],
    ["🔑🔑🔑🔑🔑", "5 more characters, please: at least 10."],
  ])("%s: %s", (password, expected) => {
    expect(checkPassword(password)).toBe(expected);
  });
});
