// The loaded part of a thread: a gapless stretch of messages, keyed by position.
import type { Message, MessagePage } from "@/contract";

export type Stretch = MessagePage;

export interface Added {
  stretch: Stretch;
  /** Messages lie between what is held and what came: fetch them. */
  gap: boolean;
}

export function addMessage(stretch: Stretch, message: Message): Added {
  const last = stretch.items.at(-1);
  if (last && message.position > last.position + 1) return { stretch, gap: true };
  if (!last && message.position > 1) return { stretch, gap: true };
  const first = stretch.items[0];
  if (first && message.position < first.position) return { stretch, gap: false };
  if (stretch.items.some((one) => one.position === message.position)) return { stretch, gap: false };
  return {
    stretch: { ...stretch, items: [...stretch.items, message].sort((a, b) => a.position - b.position) },
    gap: false,
  };
}

/** Joins a page to what is held. When they do not touch, the newer of the two is kept. */
export function join(held: Stretch | undefined, page: MessagePage): Stretch {
  if (!held || held.items.length === 0) return page;
  if (page.items.length === 0) return held;
  const [older, younger] = held.items[0]!.position <= page.items[0]!.position ? [held, page] : [page, held];
  if (younger.items[0]!.position > older.items.at(-1)!.position + 1) return younger;
  const known = new Set(younger.items.map((one) => one.position));
  const items = [...older.items.filter((one) => !known.has(one.position)), ...younger.items].sort(
    (a, b) => a.position - b.position,
  );
  const reaches = younger.items.at(-1)!.position >= older.items.at(-1)!.position;
  return { items, has_earlier: older.has_earlier, has_later: reaches ? younger.has_later : older.has_later };
}
