// Writes what the server says into everything the screens hold, by the rules of filter, list, conversation and messages.
import type { QueryClient } from "@tanstack/react-query";
import type { Change, Conversation, Counts, InboxItem, Message } from "@/contract";
import { session } from "@/shared/session/session";
import { conversationQuery, fetchMessages, keys } from "./api";
import { newerItem } from "./conversation";
import { moveCounts } from "./counts";
import type { ListFilter } from "./filter";
import { applyToList, type Pages } from "./list";
import { addMessage, join, type Stretch } from "./messages";

export const myId = (): string => session.get().me?.user.id ?? "";

/** The newest view of a conversation that any screen holds. */
export function heldItem(cache: QueryClient, id: string): InboxItem | undefined {
  let held = cache.getQueryData<InboxItem>(keys.conversation(id));
  for (const [, list] of cache.getQueriesData<Pages>({ queryKey: keys.lists })) {
    const found = list?.pages.flatMap((page) => page.items).find((one) => one.conversation.id === id);
    if (found && (!held || found.conversation.version > held.conversation.version)) held = newerItem(held, found);
  }
  return held;
}

/** Puts an item everywhere it belongs, whatever was there before. */
export function placeItem(cache: QueryClient, item: InboxItem): void {
  const id = item.conversation.id;
  cache.setQueryData<InboxItem>(keys.conversation(id), item);
  recent.set(id, { item, at: Date.now() });
  for (const [key] of cache.getQueriesData<Pages>({ queryKey: keys.lists })) {
    const filter = key[2] as ListFilter;
    cache.setQueryData<Pages>(key, (list) => list && applyToList(list, filter, item, myId()));
  }
}

const RECENT_MS = 15_000;
const recent = new Map<string, { item: InboxItem; at: number }>();

/**
 * A list that was asked for before a change and arrives after it does not know the change. So every list that arrives is
 * told once more what has changed lately. Answers how to stop.
 */
export function keepListsFresh(cache: QueryClient): () => void {
  return cache.getQueryCache().subscribe((event) => {
    const arrived = event.type === "updated" && event.action.type === "success" && !event.action.manual;
    if (!arrived || event.query.queryKey[0] !== keys.lists[0] || event.query.queryKey[1] !== keys.lists[1]) return;
    const filter = event.query.queryKey[2] as ListFilter;
    const before = event.query.state.data as Pages;
    const after = withRecent(before, filter);
    if (after !== before)
      queueMicrotask(() => cache.setQueryData<Pages>(event.query.queryKey, (list) => list && withRecent(list, filter)));
  });
}

function withRecent(list: Pages, filter: ListFilter): Pages {
  for (const [id, { item, at }] of recent) {
    if (Date.now() - at > RECENT_MS) {
      recent.delete(id);
      continue;
    }
    const listed = list.pages.flatMap((page) => page.items).find((one) => one.conversation.id === id);
    const newest = newerItem(listed, item);
    if (newest !== listed) list = applyToList(list, filter, newest, myId());
  }
  return list;
}

/** Takes in what the server committed. */
export function takeChange(cache: QueryClient, change: Change, isNew = false): void {
  takeConversation(cache, change.conversation, isNew);
  if (change.message) takeMessage(cache, change.message);
}

export function takeConversation(cache: QueryClient, conversation: Conversation, isNew = false): void {
  const before = heldItem(cache, conversation.id);
  if (!before && !isNew) {
    void fetchUnknown(cache, conversation);
    recount(cache);
    return;
  }
  const fresh = { conversation, my_read: before?.my_read ?? { position: 0, n_customer_messages: 0 } };
  const item = newerItem(before, fresh);
  if (item === before) return;
  if (before) moveCountsBy(cache, before.conversation, item.conversation);
  else recount(cache);
  placeItem(cache, item);
}

/** A conversation no screen holds: only the server knows what we have read of it. */
async function fetchUnknown(cache: QueryClient, conversation: Conversation): Promise<void> {
  try {
    const fetched = await cache.fetchQuery({ ...conversationQuery(conversation.id), staleTime: 0 });
    placeItem(cache, newerItem(fetched, { conversation, my_read: fetched.my_read }));
  } catch {
    // It may be gone, or we are offline; the next refresh of the lists will tell.
  }
}

export function takeMessage(cache: QueryClient, message: Message): void {
  const key = keys.messages(message.conversation_id);
  const held = cache.getQueryData<Stretch>(key);
  if (!held) return;
  const { stretch, gap } = addMessage(held, message);
  if (gap) void fillGap(cache, message.conversation_id);
  else cache.setQueryData<Stretch>(key, stretch);
}

async function fillGap(cache: QueryClient, id: string): Promise<void> {
  const after = cache.getQueryData<Stretch>(keys.messages(id))?.items.at(-1)?.position ?? 0;
  try {
    const page = await fetchMessages(id, { after });
    cache.setQueryData<Stretch>(keys.messages(id), (held) => join(held, page));
    if (page.has_later) await fillGap(cache, id);
  } catch {
    await cache.invalidateQueries({ queryKey: keys.messages(id) });
  }
}

export function moveCountsBy(cache: QueryClient, before: Conversation, after: Conversation): void {
  cache.setQueryData<Counts>(keys.counts, (counts) => counts && moveCounts(counts, before, after, myId()));
}

let recounting: ReturnType<typeof setTimeout> | null = null;

/** Asks for the counts anew, soon and once, when they cannot be worked out here. */
export function recount(cache: QueryClient): void {
  recounting ??= setTimeout(() => {
    recounting = null;
    void cache.invalidateQueries({ queryKey: keys.counts });
  }, 400);
}
