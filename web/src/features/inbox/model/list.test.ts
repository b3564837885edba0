import { describe, expect, it } from "vitest";
import type { Conversation } from "@/contract";
import { item, ME } from "@/test/build";
import type { ListFilter } from "./filter";
import { applyToList, type Pages } from "./list";

const at = (minute: number) => `2026-11-21T09:${String(minute).padStart(2, "0")}:00Z`;
const one = (id: string, minute: number, change: Partial<Conversation> = {}) =>
  item({ id, last_activity_at: at(minute), ...change });

/** Two loaded pages, newest first, and more on the server. */
const loaded = (next: string | null): Pages => ({
  pages: [
    { items: [one("a", 50), one("b", 40)], next: "p2" },
    { items: [one("c", 30), one("d", 20)], next },
  ],
  pageParams: ["", "p2"],
});
const open: ListFilter = { view: "all", status: "open" };
const ids = (list: Pages) =>
  list.pages.map((page) => page.items.map((entry) => entry.conversation.id).join("")).join("|");

describe("a live change in a list", () => {
  it.each<[string, ListFilter, Parameters<typeof one>, string | null, string]>([
    ["a new one goes on top", open, ["n", 59], null, "nab|cd"],
    ["a new message moves its conversation up", open, ["c", 55], null, "cab|d"],
    ["it is put in the middle by its time", open, ["n", 35], null, "ab|ncd"],
    ["what belongs after the loaded part stays out while there is more", open, ["n", 10], "p3", "ab|cd"],
    ["it is the last when everything is loaded", open, ["n", 10], null, "ab|cdn"],
    ["an unchanged time keeps its place", open, ["b", 40, { priority: "high" }], null, "ab|cd"],
    ["a resolved one leaves the open list", open, ["b", 41, { status: "resolved" }], null, "a|cd"],
    [
      "a resolved one joins the resolved list",
      { view: "all", status: "resolved" },
      ["n", 45, { status: "resolved" }],
      null,
      "an" + "b|cd",
    ],
    ["any status stays", { view: "all", status: "any" }, ["b", 40, { status: "resolved" }], null, "ab|cd"],
    ["what I take comes to mine", { view: "mine", status: "open" }, ["n", 59, { assignee_id: ME }], null, "nab|cd"],
    [
      "what a colleague takes leaves the unassigned",
      { view: "unassigned", status: "open" },
      ["b", 40, { assignee_id: "user-2" }],
      null,
      "a|cd",
    ],
    ["another channel's stays out", { ...open, channel_id: "ch1" }, ["n", 59, { channel_id: "ch2" }], null, "ab|cd"],
    [
      "another contact's stays out",
      { ...open, contact_id: "p1" },
      ["n", 59, { contact: { id: "p2", name: "x", email: null, verified: false, version: 1 } }],
      null,
      "ab|cd",
    ],
    [
      "what has the label comes in",
      { ...open, label_id: "l1" },
      ["n", 59, { label_ids: ["l2", "l1"] }],
      null,
      "nab|cd",
    ],
    ["what lost the label leaves", { ...open, label_id: "l1" }, ["b", 40, { label_ids: ["l2"] }], null, "a|cd"],
    ["a search takes in who it finds", { ...open, q: "grace" }, ["n", 59], null, "nab|cd"],
    ["a search keeps out who it does not", { ...open, q: "ada" }, ["n", 59], null, "ab|cd"],
    ["a number is found", { ...open, q: "#1042" }, ["n", 59], null, "nab|cd"],
  ])("%s", (_, filter, [id, minute, change], next, expected) => {
    expect(ids(applyToList(loaded(next), filter, one(id, minute, change), ME))).toBe(expected);
  });

  it("what has been read leaves the unread", () => {
    const filter: ListFilter = { ...open, unread: true };
    const read = item(
      { id: "b", last_activity_at: at(40), n_customer_messages: 3 },
      { position: 4, n_customer_messages: 3 },
    );
    expect(ids(applyToList(loaded(null), filter, read, ME))).toBe("a|cd");
  });

  it("leaves a list alone that it does not touch", () => {
    const list = loaded("p3");
    expect(applyToList(list, { view: "mine", status: "open" }, one("n", 59), ME)).toBe(list);
  });
});
