import { describe, expect, it } from "vitest";
import { filterOf, readSearch, readView } from "./place";

describe("an address of the inbox", () => {
  it.each([
    ["mine", {}, { view: "mine", status: "open" }],
    ["elsewhere", {}, { view: "all", status: "open" }],
    ["all", { status: "resolved", q: "ada" }, { view: "all", status: "resolved", q: "ada" }],
    ["all", { status: "burning", q: "" }, { view: "all", status: "open" }],
    ["all", { q: 1042, status: "any" }, { view: "all", status: "any", q: "1042" }],
    ["all", { channel: "ch1", contact: "p1" }, { view: "all", status: "open", channel_id: "ch1", contact_id: "p1" }],
  ])("%s with %j", (view, raw, filter) => {
    expect(filterOf(readView(view), readSearch(raw))).toEqual(filter);
  });
});
