// What an opening panel shows: what is unfinished, the one conversation, or the list. Pure: values in, a thread out.
import type { VisitorConversation } from "../server";
import { isNew, newThread } from "./outbox";

interface Known {
  /** What was on screen before. */
  thread: string | null;
  conversations: VisitorConversation[];
  /** The threads of what is on its way. */
  outgoing: string[];
  hasDraft: (thread: string) => boolean;
}

/** Null is the list of conversations. */
export function threadToOpen({ thread, conversations, outgoing, hasDraft }: Known): string | null {
  if (thread !== null && (!isNew(thread) || outgoing.includes(thread) || hasDraft(thread))) return thread;
  const waiting = outgoing.find(isNew);
  if (waiting) return waiting;
  const [first, second] = conversations;
  if (!first) return thread ?? newThread();
  const [unread, another] = conversations.filter((one) => one.unread > 0);
  if (unread && !another) return unread.id;
  return second || first.status === "resolved" ? null : first.id;
}
