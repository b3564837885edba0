// Messages on their way. Each has a key of its own, so it may be sent again after a lost answer and is stored once.
// They survive a reload of this tab.
import type { QueryClient } from "@tanstack/react-query";
import type { Block, Change } from "@/contract";
import { ApiProblem, hasCode, isPassing, sayProblem, waitOf } from "@/shared/api/problem";
import { newKey } from "@/shared/key";
import { live } from "@/shared/live/live";
import { session } from "@/shared/session/session";
import { createStore, useStore } from "@/shared/store";
import { keys } from "../model/api";
import { myId, takeChange } from "../model/cache";
import type { Stretch } from "../model/messages";

export interface Outgoing {
  key: string;
  /** Who wrote it: nobody else's session may send it. */
  by: string;
  conversation_id: string;
  kind: "reply" | "note";
  text: string;
  /** The same with its formatting, when it has any. */
  rich?: Block[] | null;
  /** Position of the newest message that was on the writer's screen. */
  seen: number;
  at: string;
  state: "sending" | "failed" | "held";
  problem?: string;
  attempts: number;
}

const STORED = "switchboard.outbox";
const RETRIES = 4;

export const outbox = createStore<Outgoing[]>(load());
outbox.subscribe(() => {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(outbox.get()));
  } catch {
    // Then a reload loses what was not sent; the screen still shows it until then.
  }
});

export function send(
  cache: QueryClient,
  message: Pick<Outgoing, "conversation_id" | "kind" | "text" | "rich" | "seen">,
): void {
  const outgoing: Outgoing = {
    ...message,
    key: newKey(),
    by: myId(),
    at: new Date().toISOString(),
    state: "sending",
    attempts: 0,
  };
  outbox.set((all) => [...all, outgoing]);
  void deliver(cache, outgoing);
}

/** Sends again what failed or was held; `seen` moves forward when the writer says "send anyway". */
export function sendAgain(cache: QueryClient, key: string, seen?: number): void {
  const again = update(key, (one) => ({ ...one, state: "sending", attempts: 0, seen: seen ?? one.seen }));
  if (again) void deliver(cache, again);
}

export function discard(key: string): void {
  outbox.set((all) => all.filter((one) => one.key !== key));
}

/** After a reload: what was on its way is sent again with its key. */
export function resumeOutbox(cache: QueryClient): void {
  outbox.set((all) => (all.every((one) => one.by === myId()) ? all : all.filter((one) => one.by === myId())));
  for (const one of outbox.get()) if (one.state === "sending") void deliver(cache, one);
}

async function deliver(cache: QueryClient, outgoing: Outgoing): Promise<void> {
  const { key, conversation_id, kind, text, rich, seen } = outgoing;
  try {
    const fields = { conversation_id, kind, text, key, ...(rich && { rich }), ...(kind === "reply" && { seen }) };
    const change = await live.request<Change>("send", fields, { keep: true });
    takeChange(cache, change);
    discard(key);
  } catch (error) {
    refused(cache, key, error);
  }
}

function refused(cache: QueryClient, key: string, error: unknown): void {
  if (hasCode(error, "answered_since")) {
    const held = update(key, (one) => ({ ...one, state: "held" }));
    if (held) void cache.invalidateQueries({ queryKey: keys.messages(held.conversation_id) });
    return;
  }
  const attempts = (outbox.get().find((one) => one.key === key)?.attempts ?? 0) + 1;
  if (isPassing(error) && attempts <= RETRIES && live.connection.get().state !== "stopped") {
    const waiting = update(key, (one) => ({ ...one, attempts }));
    setTimeout(() => waiting && void deliver(cache, waiting), waitOf(error) ?? 1_000 * attempts);
    return;
  }
  const problem = error instanceof ApiProblem ? sayProblem(error) : "It was not sent.";
  update(key, (one) => ({ ...one, state: "failed", problem }));
}

function update(key: string, change: (one: Outgoing) => Outgoing): Outgoing | undefined {
  outbox.set((all) => all.map((one) => (one.key === key ? change(one) : one)));
  return outbox.get().find((one) => one.key === key);
}

function load(): Outgoing[] {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "[]") as Outgoing[];
  } catch {
    return [];
  }
}

/** What is still on its way in a conversation: not yet among the stored messages. */
export function onTheWay(all: Outgoing[], conversation_id: string, stored: Stretch | undefined): Outgoing[] {
  const arrived = new Set(stored?.items.map((one) => one.key));
  return all.filter((one) => one.conversation_id === conversation_id && !arrived.has(one.key));
}

export function useOutbox(): Outgoing[] {
  return useStore(outbox);
}

// Whoever signs out leaves nothing behind that could be sent or read later.
session.subscribe(() => {
  const now = session.get();
  if (now.state === "signed_out" && !now.expired) outbox.set([]);
});
