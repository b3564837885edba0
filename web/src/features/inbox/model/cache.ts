// Writes what the server says into all that the screens hold, by the rules of filter, list, conversation and messages.
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { Change, ContactBrief, Conversation, Counts, InboxItem, Message } from "@/contract";
import { session } from "@/shared/session/session";
import { conversationQuery, fetchMessages, keys } from "./api";
import { newerContact, newerItem } from "./conversation";
import { moveCounts } from "./counts";
import type { ListFilter } from "./filter";
import { applyToList, type Pages } from "./list";
import { addMessage, join, type Stretch } from "./messages";

export const myId = (): string => session.get().me?.user.id ?? "";

/** Every view of a conversation that any screen holds; one conversation may come several times. */
function* heldViews(cache: QueryClient): Generator<InboxItem> {
  for (const [, item] of cache.getQueriesData<InboxItem>({ queryKey: keys.conversations })) if (item) yield item;
  for (const [, list] of cache.getQueriesData<Pages>({ queryKey: keys.lists }))
    for (const page of list?.pages ?? []) yield* page.items;
}

/** The newest view of a conversation that any screen holds. */
export function heldItem(cache: QueryClient, id: string): InboxItem | undefined {
  let held: InboxItem | undefined;
  for (const view of heldViews(cache)) if (view.conversation.id === id) held = newerItem(held, view);
  return held;
}

/** Puts an item everywhere it belongs, whatever was there before. */
export function placeItem(cache: QueryClient, item: InboxItem): void {
  const { id } = item.conversation;
  cache.setQueryData<InboxItem>(keys.conversation(id), item);
  for (const query of cache.getQueryCache().findAll({ queryKey: keys.lists })) {
    putIntoList(cache, query.queryKey, item);
    // A list that is on its way was asked for before this change, so it is told once more when it is here.
    if (query.state.fetchStatus === "fetching") query.promise?.then(() => tellList(cache, query.queryKey, id), ignore);
  }
}

function putIntoList(cache: QueryClient, key: QueryKey, item: InboxItem): void {
  const filter = key[2] as ListFilter;
  cache.setQueryData<Pages>(key, (list) => list && applyToList(list, filter, item, myId()));
}

function tellList(cache: QueryClient, key: QueryKey, id: string): void {
  const item = heldItem(cache, id);
  if (item) putIntoList(cache, key, item);
}

const ignore = (): void => undefined;

/** A customer who gives a name or an address is named so in every row at once. */
export function renameContact(cache: QueryClient, { id, name, email, verified, version }: ContactBrief): void {
  const theirs = [...heldViews(cache)].filter((view) => view.conversation.contact.id === id);
  for (const conversation_id of new Set(theirs.map((view) => view.conversation.id))) {
    const item = heldItem(cache, conversation_id);
    if (!item) continue;
    const contact = newerContact(item.conversation.contact, { id, name, email, verified, version });
    placeItem(cache, { ...item, conversation: { ...item.conversation, contact } });
  }
}

/** A label that is gone is off every conversation; no event tells that of each. */
export function forgetLabel(cache: QueryClient, label_id: string): void {
  const labeled = [...heldViews(cache)].filter((view) => view.conversation.label_ids.includes(label_id));
  for (const id of new Set(labeled.map((view) => view.conversation.id))) {
    const item = heldItem(cache, id);
    if (!item) continue;
    const label_ids = item.conversation.label_ids.filter((one) => one !== label_id);
    placeItem(cache, { ...item, conversation: { ...item.conversation, label_ids } });
  }
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
