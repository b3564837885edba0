// What the customer's conversations are and how news changes them. Pure: values in, values out.
import type { VisitorConversation, VisitorMessage, VisitorMessagePage } from "../server";

export interface Thread {
  /** Ascending by position. */
  messages: VisitorMessage[];
  has_earlier: boolean;
}

/** Takes in the newer view of a conversation; an older one never replaces it, and marks only move forward. */
export function withConversation(all: VisitorConversation[], news: VisitorConversation): VisitorConversation[] {
  const before = all.find((one) => one.id === news.id);
  if (before && before.version > news.version) return all;
  const merged = before
    ? {
        ...news,
        team_read: Math.max(news.team_read, before.team_read),
        contact_read: Math.max(news.contact_read, before.contact_read),
      }
    : news;
  return [merged, ...all.filter((one) => one.id !== news.id)].sort((a, b) =>
    b.last_activity_at.localeCompare(a.last_activity_at),
  );
}

/** Takes in messages by position; one that is there already stays once. */
export function withMessages(thread: Thread | undefined, items: VisitorMessage[]): Thread {
  const by_position = new Map<number, VisitorMessage>();
  for (const one of [...(thread?.messages ?? []), ...items]) by_position.set(one.position, one);
  const messages = [...by_position.values()].sort((a, b) => a.position - b.position);
  return { messages, has_earlier: thread?.has_earlier ?? false };
}

export function withPage(thread: Thread | undefined, page: VisitorMessagePage): Thread {
  const [first] = page.items;
  const known = thread?.messages[0];
  const has_earlier = known && first && known.position < first.position ? thread.has_earlier : page.has_earlier;
  return { messages: withMessages(thread, page.items).messages, has_earlier };
}

/** The team has read, or the customer has on another device. */
export function withRead(
  all: VisitorConversation[],
  id: string,
  reader: "team" | "contact",
  through: number,
): VisitorConversation[] {
  return all.map((one) => {
    if (one.id !== id) return one;
    if (reader === "team") return { ...one, team_read: Math.max(one.team_read, through) };
    return {
      ...one,
      contact_read: Math.max(one.contact_read, through),
      unread: through >= (one.last_message?.position ?? one.n_messages) ? 0 : one.unread,
    };
  });
}

export function unreadOf(all: VisitorConversation[]): number {
  return all.reduce((sum, one) => sum + Math.max(0, one.unread), 0);
}
