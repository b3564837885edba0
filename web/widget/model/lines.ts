// How a thread is laid out: day breaks, and bubbles of one speaker grouped.
import type { VisitorMessage } from "../server";
import type { Thread } from "./threads";
import type { Outgoing } from "./outbox";

export interface Bubble {
  key: string;
  mine: boolean;
  name: string;
  text: string;
  rich: VisitorMessage["rich"];
  at: string;
  /** 0 until it is stored. */
  position: number;
  failed: string | null;
}

export interface Group {
  key: string;
  /** Set when a new day begins here. */
  day: string | null;
  mine: boolean;
  name: string;
  bubbles: Bubble[];
}

const PAUSE_MS = 5 * 60_000;

export function groupsOf(thread: Thread | undefined, outgoing: Outgoing[], now = new Date()): Group[] {
  const stored = thread?.messages ?? [];
  const arrived = new Set(stored.map((one) => one.key));
  const bubbles = [...stored.map(storedBubble), ...outgoing.filter((one) => !arrived.has(one.key)).map(waitingBubble)];
  const groups: Group[] = [];
  let before: Bubble | null = null;
  for (const bubble of bubbles) {
    const is_new_day = !before || dayOf(before.at) !== dayOf(bubble.at);
    const goes_on =
      before &&
      !is_new_day &&
      before.mine === bubble.mine &&
      before.name === bubble.name &&
      Date.parse(bubble.at) - Date.parse(before.at) < PAUSE_MS;
    if (goes_on) groups.at(-1)?.bubbles.push(bubble);
    else
      groups.push({
        key: bubble.key,
        day: is_new_day ? dayName(bubble.at, now) : null,
        mine: bubble.mine,
        name: bubble.name,
        bubbles: [bubble],
      });
    before = bubble;
  }
  return groups;
}

function storedBubble({ key, mine, name, text, rich, at, position }: VisitorMessage): Bubble {
  return { key, mine, name: mine ? "" : name, text, rich, at, position, failed: null };
}

function waitingBubble({ key, text, at, failed }: Outgoing): Bubble {
  return { key, mine: true, name: "", text, rich: null, at, position: 0, failed };
}

function dayOf(at: string): string {
  return new Date(at).toDateString();
}

function dayName(at: string, now: Date): string {
  const day = new Date(at);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day.toDateString() === now.toDateString()) return "Today";
  if (day.toDateString() === yesterday.toDateString()) return "Yesterday";
  return day.toLocaleDateString(undefined, {
    weekday: "short",
    day: "numeric",
    month: "long",
    ...(day.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
  });
}

export function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

/** For a list: the time today, else the day. */
export function shortTime(at: string, now = new Date()): string {
  return dayOf(at) === now.toDateString()
    ? timeOf(at)
    : new Date(at).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}
