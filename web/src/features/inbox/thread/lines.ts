// Turns messages into what the thread shows: day breaks, the unread line, quiet lines, and grouped speech.
import type { Block, Message } from "@/contract";
import type { Outgoing } from "../composer/outbox";

export type Side = "left" | "right";

export interface Speech {
  key: string;
  position: number | null;
  kind: "customer" | "reply" | "note";
  side: Side;
  author: { id: string; name: string };
  text: string;
  rich: Block[] | null;
  at: string;
  outgoing: Outgoing | null;
}

export type Line =
  | { type: "day"; key: string; at: string }
  | { type: "unread"; key: string }
  | { type: "activity"; key: string; message: Message }
  | { type: "speech"; key: string; speech: Speech; isFirst: boolean; isLast: boolean };

const PAUSE_MS = 5 * 60_000;

interface Sources {
  messages: readonly Message[];
  outgoing: readonly Outgoing[];
  /** What had been read when the conversation was opened; null when nothing was unread then. */
  read_through: number | null;
  me: { id: string; name: string };
}

export function linesOf({ messages, outgoing, read_through, me }: Sources): Line[] {
  const lines: Line[] = [];
  let day = "";
  let isMarked = read_through === null;
  for (const entry of [...messages, ...outgoing.map((one) => speechOfOutgoing(one, me))]) {
    const date = new Date(entry.at).toDateString();
    if (date !== day) lines.push({ type: "day", key: `day ${date}`, at: entry.at });
    day = date;
    if (!isMarked && "conversation_id" in entry && entry.position > read_through! && entry.kind === "customer") {
      lines.push({ type: "unread", key: "unread" });
      isMarked = true;
    }
    if ("activity" in entry && entry.kind === "activity")
      lines.push({ type: "activity", key: entry.id, message: entry });
    else pushSpeech(lines, "side" in entry ? entry : speechOf(entry));
  }
  return lines;
}

function pushSpeech(lines: Line[], speech: Speech): void {
  const before = lines.at(-1);
  const joins = before?.type === "speech" && sameBreath(before.speech, speech);
  if (joins) before.isLast = false;
  lines.push({ type: "speech", key: speech.key, speech, isFirst: !joins, isLast: true });
}

/** The same person going on without a pause, to the same readers. */
function sameBreath(one: Speech, two: Speech): boolean {
  return one.author.id === two.author.id && one.kind === two.kind && Date.parse(two.at) - Date.parse(one.at) < PAUSE_MS;
}

function speechOf(message: Message): Speech {
  const kind = message.kind === "activity" ? "note" : message.kind;
  return {
    key: message.key || message.id,
    position: message.position,
    kind,
    side: kind === "customer" ? "left" : "right",
    author: { id: message.author.id ?? message.author.kind, name: message.author.name },
    text: message.text,
    rich: message.rich ?? null,
    at: message.at,
    outgoing: null,
  };
}

function speechOfOutgoing(outgoing: Outgoing, me: { id: string; name: string }): Speech {
  return {
    key: outgoing.key,
    position: null,
    kind: outgoing.kind,
    side: "right",
    author: me,
    text: outgoing.text,
    rich: outgoing.rich ?? null,
    at: outgoing.at,
    outgoing,
  };
}
