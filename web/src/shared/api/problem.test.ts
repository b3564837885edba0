import { describe, expect, it } from "vitest";
import { isPassing, problemFrom, sayField, sayProblem, waitOf } from "./problem";

const problem = (code: string, detail = "", errors: { field: string; message: string }[] = []) =>
  problemFrom({ code, detail, title: "A title", errors, type: "", status: 400, trace: "" }, 400);

describe("a problem in words", () => {
  it.each([
    [
      problem("forbidden", "you need members.manage"),
      "Your role does not allow this. An administrator can change that.",
    ],
    [problem("conflict", "it is open already"), "It is open already."],
    [problem("conflict"), "A title."],
    [
      problem("invalid", "some fields are not valid", [
        { field: "settings.allowed_origins[1]", message: "is no origin" },
      ]),
      "Allowed origins: is no origin.",
    ],
    [problemFrom("<html>", 502), "Switchboard is busy or restarting. Please try again in a moment."],
    [problemFrom(null, 500), "Something went wrong on our side. Nothing was lost; please try again."],
    [new TypeError("x is undefined"), "Something went wrong. Nothing was lost; please try again."],
  ])("%s", (error, words) => {
    expect(sayProblem(error)).toBe(words);
  });

  it.each([
    ["is used already", "This is used already."],
    ["needs 10 characters", "This needs 10 characters."],
    ["at least 10 characters", "At least 10 characters."],
  ])("of a field: %s", (message, words) => {
    expect(sayField(message)).toBe(words);
  });

  it.each([
    ["its own word", { code: "too_many", retry_after_ms: 1_500 }, "9", 1_500],
    ["the header", { code: "too_many" }, "9", 9_000],
    ["the header alone", "<html>", "2", 2_000],
    ["a date that we do not read", { code: "unavailable" }, "Sat, 21 Nov 2026 17:00:00 GMT", null],
    ["nothing", { code: "too_many" }, null, null],
  ])("asks to wait: %s", (_, body, header, wait) => {
    expect(waitOf(problemFrom(body, 503, header))).toBe(wait);
  });

  it.each([
    ["unavailable", true],
    ["too_many", true],
    ["offline", true],
    ["forbidden", false],
    ["answered_since", false],
  ])("%s passes by itself: %s", (code, passes) => {
    expect(isPassing(problem(code))).toBe(passes);
  });
});
