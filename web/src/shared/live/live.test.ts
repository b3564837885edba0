import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import type { Permission } from "@/contract";
import { topicsFor } from "./live";
import { dispatcher, on } from "./on";

describe("the topics of a person", () => {
  it.each<[Permission[], string[]]>([
    [[], ["me"]],
    [["members.read"], ["me", "members"]],
    [
      ["conversations.read", "members.read", "actors.read"],
      ["me", "inbox", "members"],
    ],
  ])("%j", (permissions, topics) => {
    expect(topicsFor(permissions)).toEqual(topics);
  });
});

describe("the dispatcher", () => {
  it("hands a frame to everyone who listens, also after one of them failed", () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    const heard: string[] = [];
    const hand = dispatcher(
      [
        on({
          presence: () => {
            throw new Error("broken");
          },
        }),
        on({ presence: ({ user_id }) => heard.push(user_id) }),
        on({ typing: () => heard.push("typing") }),
      ],
      new QueryClient(),
    );
    hand("presence", { user_id: "u1", state: "away" });
    hand("something.new", {});
    expect(heard).toEqual(["u1"]);
    expect(error).toHaveBeenCalledOnce();
    error.mockRestore();
  });
});
