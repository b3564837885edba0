// Which conversations a list shows. The server decides the first page; live changes are judged here by the same rule.
import type { Conversation, InboxItem, Priority, Status } from "@/contract";

export type View = "mine" | "unassigned" | "all";

export interface ListFilter {
  view: View;
  status: Status | "any";
  channel_id?: string;
  contact_id?: string;
  priority?: Priority;
  label_id?: string;
  unread?: true;
  q?: string;
}

/** Customer messages this person has not seen. */
export function unreadOf({ conversation, my_read }: InboxItem): number {
  return Math.max(0, conversation.n_customer_messages - my_read.n_customer_messages);
}

export function matches(filter: ListFilter, item: InboxItem, me_id: string): boolean {
  const { conversation } = item;
  return (
    inView(filter.view, conversation, me_id) &&
    (filter.status === "any" || conversation.status === filter.status) &&
    (!filter.channel_id || conversation.channel_id === filter.channel_id) &&
    (!filter.contact_id || conversation.contact.id === filter.contact_id) &&
    (!filter.priority || conversation.priority === filter.priority) &&
    (!filter.label_id || conversation.label_ids.includes(filter.label_id)) &&
    (!filter.unread || unreadOf(item) > 0) &&
    (!filter.q || found(filter.q, conversation))
  );
}

export function inView(view: View, conversation: Pick<Conversation, "assignee_id">, me_id: string): boolean {
  if (view === "mine") return conversation.assignee_id === me_id;
  if (view === "unassigned") return conversation.assignee_id == null;
  return true;
}

function found(q: string, { contact, number }: Conversation): boolean {
  const wanted = q.trim().toLowerCase();
  if (wanted.startsWith("#")) return `#${number}` === wanted;
  return (
    contact.name.toLowerCase().includes(wanted) ||
    (contact.email?.toLowerCase().includes(wanted) ?? false) ||
    String(number) === wanted
  );
}
