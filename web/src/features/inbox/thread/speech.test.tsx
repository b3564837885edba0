import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Activity } from "@/contract";
import { live } from "@/shared/live/live";
import { ME, me, message } from "@/test/build";
import { show, signIn } from "@/test/show";
import { type Outgoing, outbox } from "../composer/outbox";
import { linesOf } from "./lines";
import { ActivityLine } from "./quiet-lines";
import { SpeechLine } from "./speech";

const outgoing = (change: Partial<Outgoing> = {}): Outgoing => ({
  key: "k9",
  by: ME,
  conversation_id: "c1",
  kind: "reply",
  text: "On its way",
  seen: 3,
  at: "2026-11-21T09:05:00Z",
  state: "sending",
  attempts: 0,
  ...change,
});

/** The thread as it is laid out, with a tick under the line at `ticked`. */
async function shown(sources: Partial<Parameters<typeof linesOf>[0]>, ticked: number | null = null): Promise<void> {
  const lines = linesOf({ messages: [], outgoing: [], read_through: null, me: me().user, ...sources });
  await show(
    <>
      {lines.map((line) => {
        if (line.type === "activity") return <ActivityLine key={line.key} message={line.message} />;
        if (line.type !== "speech") return null;
        const { key, speech, isFirst, isLast } = line;
        const tick = ticked !== null && speech.position === ticked ? "read" : null;
        return <SpeechLine key={key} speech={speech} isFirst={isFirst} isLast={isLast} tick={tick} />;
      })}
    </>,
  );
}

beforeEach(() => {
  signIn();
  outbox.set([]);
});

describe("what somebody said", () => {
  it("names its speaker once while they go on, and gives each line its time", async () => {
    await shown({ messages: [message(1), message(2, { at: "2026-11-21T09:01:00Z" })] });
    expect(screen.getAllByText("Grace Hopper")).toHaveLength(1);
    const times = [...document.querySelectorAll("time")].map((one) => one.dateTime);
    expect(new Set(times)).toEqual(new Set(["2026-11-21T09:00:00Z", "2026-11-21T09:01:00Z"]));
  });

  it("says of a note that it is one", async () => {
    await shown({ messages: [message(1, { kind: "note", author: { kind: "user", id: "u2", name: "Alan Turing" } })] });
    expect(screen.getByText("Note")).toBeTruthy();
  });

  it("makes links that open elsewhere and tell nothing, and leaves everything else text", async () => {
    await shown({ messages: [message(1, { text: "See https://shop.example/a?b=1 <b>now</b> javascript:alert(1)" })] });
    const [link, ...others] = screen.getAllByRole("link");
    expect(others).toEqual([]);
    expect(link?.getAttribute("href")).toBe("https://shop.example/a?b=1");
    expect(link?.getAttribute("target")).toBe("_blank");
    expect(link?.getAttribute("rel")?.split(" ").toSorted()).toEqual(["nofollow", "noopener", "noreferrer"]);
    expect(screen.getByText(/<b>now<\/b> javascript:alert\(1\)/)).toBeTruthy();
  });

  it("says how far it has come where it is asked to", async () => {
    const author = { kind: "user" as const, id: ME, name: "Ada Lovelace" };
    await shown({ messages: [message(1, { kind: "reply", author }), message(2, { kind: "reply", author })] }, 2);
    expect(screen.getAllByText("Read")).toHaveLength(1);
  });
});

describe("what is on its way", () => {
  it("says that it is being sent", async () => {
    await shown({ outgoing: [outgoing()] });
    expect(screen.getByText("Sending")).toBeTruthy();
  });

  it("says why it was not sent, and is sent again with the same key", async () => {
    const failed = outgoing({ state: "failed", problem: "The text is too long." });
    outbox.set([failed]);
    const request = vi.spyOn(live, "request").mockReturnValue(new Promise(() => undefined));
    await shown({ outgoing: [failed] });
    expect(screen.getByRole("alert").textContent).toContain("The text is too long.");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(request).toHaveBeenCalledWith("send", expect.objectContaining({ key: "k9" }), { keep: true });
    expect(outbox.get()[0]?.state).toBe("sending");
    request.mockRestore();
  });

  it("is forgotten when its writer wants no more of it", async () => {
    const failed = outgoing({ state: "failed" });
    outbox.set([failed]);
    await shown({ outgoing: [failed] });
    await userEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(outbox.get()).toEqual([]);
  });
});

describe("what was done", () => {
  const ada = { kind: "user" as const, id: ME, name: "Ada Lovelace" };
  const alan = { kind: "user" as const, id: "u2", name: "Alan Turing" };
  const nobody = { kind: "system" as const, id: null, name: "" };
  const marks = (...names: string[]) => names.map((name) => ({ id: name, name }));
  it.each<[Activity, typeof ada | typeof nobody, string]>([
    [{ type: "assigned", assignee_id: "u2", assignee_name: "Alan Turing" }, ada, "You assigned this to Alan Turing"],
    [{ type: "assigned", assignee_id: ME, assignee_name: "Ada Lovelace" }, alan, "Alan Turing assigned this to you"],
    [{ type: "assigned", assignee_id: "u2", assignee_name: "Alan Turing" }, alan, "Alan Turing took this conversation"],
    [{ type: "unassigned" }, ada, "You removed the assignee"],
    [{ type: "resolved" }, nobody, "Switchboard resolved this"],
    [{ type: "opened" }, alan, "Alan Turing opened this again"],
    [{ type: "woken" }, nobody, "The snooze ended"],
    [{ type: "labeled", added: marks("Billing"), removed: [] }, alan, "Alan Turing added Billing"],
    [{ type: "labeled", added: [], removed: marks("Billing") }, ada, "You removed Billing"],
    [
      { type: "labeled", added: marks("Billing", "Order", "VIP"), removed: marks("Gone", "Old") },
      alan,
      "Alan Turing added Billing, Order and VIP and removed Gone and Old",
    ],
    [{ type: "prioritized", priority: "none" }, ada, "You removed the priority"],
    [{ type: "prioritized", priority: "urgent" }, alan, "Alan Turing set the priority to urgent"],
  ])("is one quiet line: %j", async (activity, author, words) => {
    await shown({ messages: [message(1, { kind: "activity", text: "", author, activity })] });
    expect(screen.getByText(words)).toBeTruthy();
  });
});
