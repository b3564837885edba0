import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Conversation, LastMessage } from "@/contract";
import { membersQuery } from "@/shared/people/members";
import { item, label, me, member } from "@/test/build";
import { cacheWith, show, signIn } from "@/test/show";
import { keys } from "../model/api";
import type { View } from "../model/filter";
import { forgetSignals, setTyping, setViewing } from "../model/signals";
import { Row } from "./row";

const last: LastMessage = {
  kind: "customer",
  author: { kind: "contact", id: "p1", name: "Grace Hopper" },
  preview: "Where is my order?",
  position: 3,
  at: "2026-11-21T09:00:00Z",
};

async function shown(change: Partial<Conversation> = {}, { view = "all" as View, read = 0 } = {}) {
  const cache = cacheWith(
    [membersQuery.queryKey, { items: [member({ user_id: "u2", name: "Alan Turing" })], next: null }],
    [keys.labels, { items: [label({ id: "l2", name: "Order" }), label()], next: null }],
  );
  const one = item({ last_message: last, ...change }, { position: 0, n_customer_messages: read });
  await show(<Row item={one} view={view} search={{ status: "any", q: "grace" }} isOpen={false} isAt={false} />, {
    cache,
  });
  return screen.getByRole("link");
}

beforeEach(() => signIn());
afterEach(() => act(forgetSignals));

describe("a row of the list", () => {
  it("names the customer and says how much was not read, for those who do not see the dot", async () => {
    const row = await shown({ n_customer_messages: 3 }, { read: 1 });
    expect(row.getAttribute("aria-label")).toBe("Grace Hopper, #1042, 2 unread");
  });

  it("says nothing of unread when all was read", async () => {
    const row = await shown({ n_customer_messages: 3 }, { read: 3 });
    expect(row.getAttribute("aria-label")).toBe("Grace Hopper, #1042");
  });

  it("leads to the conversation and keeps what was searched for", async () => {
    const row = await shown({}, { view: "unassigned" });
    expect(row.getAttribute("href")).toBe("/inbox/unassigned/c1?status=any&q=grace");
  });

  it("shows the newest line, and instead of it who is typing", async () => {
    const row = await shown();
    expect(row.textContent).toContain("Where is my order?");
    act(() => setTyping("c1", { kind: "contact", id: "p1", name: "Grace Hopper" }, true));
    expect(row.textContent).toContain("typing…");
    expect(row.textContent).not.toContain("Where is my order?");
    act(() => setTyping("c1", { kind: "user", id: "u2", name: "Alan Turing" }, true));
    act(() => setTyping("c1", { kind: "contact", id: "p1", name: "" }, false));
    expect(row.textContent).toContain("Alan is typing…");
  });

  it("marks a note as one", async () => {
    await shown({ last_message: { ...last, kind: "note", author: { kind: "user", id: "u2", name: "Alan Turing" } } });
    expect(screen.getByLabelText("Note")).toBeTruthy();
  });

  it("says who has it, but not in the list of one's own", async () => {
    expect((await shown({ assignee_id: "u2" })).textContent).toContain("Assigned to Alan Turing");
    cleanup();
    expect((await shown({ assignee_id: "u2" }, { view: "mine" })).textContent).not.toContain("Assigned to");
  });

  it("shows that a colleague is looking, not that oneself is", async () => {
    const row = await shown();
    act(() => setViewing("c1", [me().user.id]));
    expect(row.querySelector("[aria-label='Somebody is looking at this']")).toBeNull();
    act(() => setViewing("c1", [me().user.id, "u2"]));
    expect(row.querySelector("[aria-label='Somebody is looking at this']")).toBeTruthy();
  });

  it("says which labels it has, and nothing of one that is no more", async () => {
    const row = await shown({ label_ids: ["l2", "gone", "l1"] });
    expect(row.textContent).toContain("Labels: Billing, Order");
    cleanup();
    expect((await shown({ label_ids: ["gone"] })).textContent).not.toContain("Labels");
  });

  it.each([
    ["urgent", "Urgent"],
    ["high", "High"],
  ] as const)("draws the eye to what is %s", async (priority, name) => {
    await shown({ priority });
    expect(screen.getByRole("img", { name })).toBeTruthy();
  });

  it("does not draw the eye to other priorities", async () => {
    await shown({ priority: "low" });
    expect(screen.queryByRole("img")).toBeNull();
  });
});
