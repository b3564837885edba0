// How two views of one conversation become one: the newer version wins, its contact has versions of its own, and marks
// only move forward.
import type { ContactBrief, Conversation, InboxItem, MyRead } from "@/contract";
import type { ConversationRead } from "@/contract/events";

export function newer(before: Conversation, next: Conversation): Conversation {
  const [base, other] = next.version > before.version ? [next, before] : [before, next];
  const contact_received = Math.max(base.contact_received, other.contact_received);
  const contact_read = Math.max(base.contact_read, other.contact_read);
  const team_read = Math.max(base.team_read, other.team_read);
  const contact = newerContact(base.contact, other.contact);
  const same =
    contact === base.contact &&
    contact_received === base.contact_received &&
    contact_read === base.contact_read &&
    team_read === base.team_read;
  return same ? base : { ...base, contact, contact_received, contact_read, team_read };
}

/** A view of the contact that is older than what is known changes nothing, however new the conversation around it. */
export function newerContact(before: ContactBrief, next: ContactBrief): ContactBrief {
  return next.version > before.version ? next : before;
}

export function newerRead(before: MyRead, next: MyRead): MyRead {
  return next.position > before.position ? next : before;
}

export function newerItem(before: InboxItem | undefined, next: InboxItem): InboxItem {
  if (!before) return next;
  const conversation = newer(before.conversation, next.conversation);
  const my_read = newerRead(before.my_read, next.my_read);
  return conversation === before.conversation && my_read === before.my_read ? before : { conversation, my_read };
}

/** Somebody has read: the customer, this person elsewhere, or a colleague. */
export function withRead(item: InboxItem, read: ConversationRead, me_id: string): InboxItem {
  const { conversation, my_read } = item;
  if (read.reader.kind === "contact")
    return {
      my_read,
      conversation: {
        ...conversation,
        contact_read: Math.max(conversation.contact_read, read.through),
        contact_received: Math.max(conversation.contact_received, read.through),
      },
    };
  const seen = { ...conversation, team_read: Math.max(conversation.team_read, read.through) };
  if (read.reader.id !== me_id) return { conversation: seen, my_read };
  return {
    conversation: seen,
    my_read: newerRead(my_read, { position: read.through, n_customer_messages: read.n_customer_messages }),
  };
}

export type Tick = "sent" | "received" | "read";

export function tickOf(
  position: number,
  { contact_received, contact_read }: Pick<Conversation, "contact_received" | "contact_read">,
): Tick {
  if (contact_read >= position) return "read";
  return contact_received >= position ? "received" : "sent";
}

/** Ticks stand only where they tell something new: under the last reply of each kind. */
export function tickedPositions(
  messages: readonly { position: number; kind: string }[],
  conversation: Pick<Conversation, "contact_received" | "contact_read">,
): Set<number> {
  const last = new Map<Tick, number>();
  for (const { position, kind } of messages) if (kind === "reply") last.set(tickOf(position, conversation), position);
  return new Set(last.values());
}
