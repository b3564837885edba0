// How the log is put together on screen, and how a follower is said in words.
import type { Follower, LoggedEvent } from "@/contract";
import { span } from "@/shared/time";
import type { Tone } from "../state-word";

/** So many rows of what is new are kept; the rest is in the past, a filter away. */
export const MOST_ROWS = 500;

/** Puts what is new on top of what is there, each event once. */
export function onTop(fresh: readonly LoggedEvent[], known: readonly LoggedEvent[]): LoggedEvent[] {
  const newest = known[0]?.seq ?? 0;
  const added = fresh.filter((one) => one.seq > newest);
  return added.length === 0 ? [...known] : [...added, ...known].slice(0, MOST_ROWS);
}

/** Who did it: a part of the system by its name, people by what they are. */
export function who(caller: string): string {
  const [kind, id = ""] = caller.split(":");
  if (kind === "system") return id;
  return kind === "contact" ? "a customer" : "a member";
}

export function stateOf(follower: Follower): { word: string; tone: Tone } {
  if (follower.state === "paused") return { word: "Paused", tone: "quiet" };
  if (follower.attempts > 0) return { word: "Failing", tone: "bad" };
  if (follower.state === "replaying") return { word: "Replaying", tone: "warn" };
  return { word: "Live", tone: "good" };
}

/** How far it is behind: "up to date", or events and time. */
export function lag(follower: Follower, now: Date): string {
  if (follower.behind === 0 || !follower.behind_since) return "up to date";
  const passed = now.getTime() - new Date(follower.behind_since).getTime();
  return `${follower.behind} ${follower.behind === 1 ? "event" : "events"}, ${span(Math.max(0, passed))}`;
}

/** How far a replay is, from 0 to 1. */
export function progress({ from, to, done }: NonNullable<Follower["replay"]>): number {
  const n = to - from + 1;
  return n <= 0 ? 1 : Math.min(1, done / n);
}
