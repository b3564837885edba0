import { describe, expect, it } from "vitest";
import type { Member } from "@/contract";
import { putMember } from "./members";

const ada: Member = {
  user_id: "u1",
  name: "Ada",
  email: "ada@engine.example",
  role: "owner",
  presence: "online",
  joined_at: "2026-01-01T00:00:00Z",
};
const page = { items: [ada], next: null };

describe("a member", () => {
  it("who joins is put in, not yet here", () => {
    const { items } = putMember(page, { user_id: "u2", name: "Alan", email: "alan@engine.example", role: "agent" });
    expect(items.map((one) => [one.name, one.presence])).toEqual([
      ["Ada", "online"],
      ["Alan", "offline"],
    ]);
    expect(Number.isNaN(Date.parse(items[1]!.joined_at))).toBe(false);
  });

  it("who is known keeps their presence", () => {
    const { items } = putMember(page, {
      user_id: "u1",
      name: "Ada Lovelace",
      email: "ada@engine.example",
      role: "admin",
    });
    expect(items).toEqual([{ ...ada, name: "Ada Lovelace", role: "admin" }]);
  });
});
