import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { ActorTree } from "@/contract";
import { show } from "@/test/show";
import { BridgesTable, EntitiesTable, SessionsTable } from "./tables";

type Entity = ActorTree["entities"][number];
const entity = (number: number, change: Partial<Entity> = {}): Entity => ({
  kind: "conversation",
  id: `c${number}`,
  label: `#${number}`,
  state: "live",
  mailbox: 0,
  handled: 4,
  restarts: 0,
  idle_seconds: 20,
  ...change,
});
const rows = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.textContent ?? "");

describe("the entities", () => {
  it("stand with the troubled first, then by name and not by how busy they are", async () => {
    await show(
      <EntitiesTable entities={[entity(10), entity(9, { mailbox: 200 }), entity(11, { state: "quarantined" })]} />,
    );
    expect(rows().map((row) => /#\d+/.exec(row)?.[0])).toEqual(["#11", "#9", "#10"]);
  });

  it("are the first twenty-five until all are asked for", async () => {
    await show(<EntitiesTable entities={Array.from({ length: 30 }, (_, index) => entity(index + 1))} />);
    expect(rows()).toHaveLength(26);
    await userEvent.click(screen.getByRole("button", { name: "Show all 30" }));
    expect(rows()).toHaveLength(31);
    await userEvent.click(screen.getByRole("button", { name: "Show fewer" }));
    expect(rows()).toHaveLength(26);
  });

  it("say what will wake them when none is awake", async () => {
    await show(<EntitiesTable entities={[]} />);
    expect(screen.queryByRole("table")).toBeNull();
    expect(screen.getByText(/wakes with its next message/)).toBeTruthy();
  });
});

describe("the bridges", () => {
  it("say in words how they are and what went wrong last", async () => {
    const bridge: ActorTree["bridges"][number] = {
      channel_id: "ch1",
      kind: "web_chat",
      name: "Shop chat",
      state: "waiting",
      queued: 7,
      restarts: 1,
      last_error: "the provider does not answer",
    };
    await show(<BridgesTable bridges={[bridge]} />);
    const [row] = screen.getAllByRole("row").slice(1);
    const cells = within(row!)
      .getAllByRole("cell")
      .map((cell) => cell.textContent);
    expect(cells).toEqual(["Shop chat web chat", "waiting", "7", "1", "the provider does not answer"]);
  });
});

describe("the sessions", () => {
  it("stand in the order in which they came", async () => {
    const session = (id: string, since: string, kind: "user" | "contact"): ActorTree["sessions"][number] => ({
      id,
      who: id,
      kind,
      topics: 3,
      unreceipted_bytes: 2_048,
      since,
    });
    await show(
      <SessionsTable
        sessions={[
          session("late", "2026-11-21T10:00:00Z", "contact"),
          session("early", "2026-11-21T09:00:00Z", "user"),
        ]}
      />,
    );
    expect(rows().map((row) => row.slice(0, 12))).toEqual([
      expect.stringMatching(/^earlyMember/),
      expect.stringMatching(/^lateVisitor/),
    ]);
    expect(rows()[0]).toContain("2 KiB");
  });
});
