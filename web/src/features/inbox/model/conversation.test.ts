import { describe, expect, it } from "vitest";
import { conversation, item, ME } from "@/test/build";
import { newer, newerItem, tickedPositions, tickOf, withRead } from "./conversation";
import { unreadOf } from "./filter";

describe("two views of one conversation", () => {
  it.each([
    ["a newer one replaces", 1, 2, "resolved"],
    ["an older one does not", 3, 2, "open"],
    ["the same one does not", 2, 2, "open"],
  ] as const)("%s", (_, before, next, status) => {
    expect(newer(conversation({ version: before }), conversation({ version: next, status: "resolved" })).status).toBe(
      status,
    );
  });

  it("never takes a mark back", () => {
    const after = newer(conversation({ version: 1, contact_read: 9 }), conversation({ version: 2, contact_read: 4 }));
    expect(after).toMatchObject({ version: 2, contact_read: 9 });
  });

  it("shows the newer contact, whichever of the two it stands in", () => {
    const named = (name: string, version: number) => ({ ...conversation().contact, name, version });
    const before = conversation({ version: 1, contact: named("Grace", 2) });
    const after = newer(before, conversation({ version: 2, contact: named("Visitor 7", 1) }));
    expect(after).toMatchObject({ version: 2, contact: { name: "Grace" } });
    expect(newer(after, conversation({ version: 1, contact: named("Admiral", 3) })).contact.name).toBe("Admiral");
  });

  it("is the same object when nothing is new", () => {
    const before = item({ version: 5 });
    expect(newerItem(before, item({ version: 4 }))).toBe(before);
  });
});

describe("who has read", () => {
  const before = item({ n_customer_messages: 5, contact_read: 2 }, { position: 3, n_customer_messages: 2 });
  it.each([
    ["me, elsewhere", { kind: "user", id: ME }, { unread: 0, contact_read: 2, team_read: 8 }],
    ["a colleague", { kind: "user", id: "user-2" }, { unread: 3, contact_read: 2, team_read: 8 }],
    ["the customer", { kind: "contact", id: "p1" }, { unread: 3, contact_read: 8, team_read: 0 }],
  ] as const)("%s", (_, reader, expected) => {
    const after = withRead(before, { conversation_id: "c1", reader, through: 8, n_customer_messages: 5 }, ME);
    expect({
      unread: unreadOf(after),
      contact_read: after.conversation.contact_read,
      team_read: after.conversation.team_read,
    }).toEqual(expected);
  });

  it.each([
    [4, "read"],
    [5, "received"],
    [6, "received"],
    [7, "sent"],
  ] as const)("message %i is %s", (position, tick) => {
    expect(tickOf(position, { contact_read: 4, contact_received: 6 })).toBe(tick);
  });
});

describe("where ticks stand", () => {
  const said = (kinds: string) =>
    [...kinds].map((kind, index) => ({ position: index + 1, kind: { r: "reply", c: "customer", n: "note" }[kind]! }));
  it.each([
    ["rrr", 3, 3, [3]],
    ["rrr", 2, 1, [1, 2, 3]],
    ["rrr", 2, 2, [2, 3]],
    ["crn", 0, 0, [2]],
    ["ccn", 9, 9, []],
  ] as const)("%s received to %i, read to %i", (kinds, contact_received, contact_read, positions) => {
    expect([...tickedPositions(said(kinds), { contact_received, contact_read })].sort()).toEqual(positions);
  });
});
