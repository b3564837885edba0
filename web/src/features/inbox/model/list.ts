// What a live change does to a loaded list: the item is replaced in place, moved, put in, or taken out.
import type { InboxItem, Page } from "@/contract";
import { type ListFilter, matches } from "./filter";

export interface Pages {
  pages: Page<InboxItem>[];
  pageParams: unknown[];
}

export function applyToList(list: Pages, filter: ListFilter, item: InboxItem, me_id: string): Pages {
  const id = item.conversation.id;
  const before = list.pages.flatMap((page) => page.items).find((one) => one.conversation.id === id);
  if (!matches(filter, item, me_id)) return before ? without(list, id) : list;
  const stays = before && before.conversation.last_activity_at === item.conversation.last_activity_at;
  if (stays) return replaced(list, item);
  return insert(before ? without(list, id) : list, item);
}

function without(list: Pages, id: string): Pages {
  return {
    ...list,
    pages: list.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.conversation.id !== id) })),
  };
}

function replaced(list: Pages, item: InboxItem): Pages {
  const swap = (one: InboxItem): InboxItem => (one.conversation.id === item.conversation.id ? item : one);
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(swap) })) };
}

/** Puts an item at its place, unless that place lies beyond what has been loaded. */
function insert(list: Pages, item: InboxItem): Pages {
  const at = list.pages.findIndex((page) => page.next === null || page.items.some((one) => isNewer(item, one)));
  if (at < 0) return list;
  const pages = list.pages.map((page, index) => {
    if (index !== at) return page;
    const place = page.items.findIndex((one) => isNewer(item, one));
    const items = [...page.items];
    items.splice(place < 0 ? items.length : place, 0, item);
    return { ...page, items };
  });
  return { ...list, pages };
}

/** Newest activity first, as the server sorts. */
function isNewer(one: InboxItem, two: InboxItem): boolean {
  const [a, b] = [Date.parse(one.conversation.last_activity_at), Date.parse(two.conversation.last_activity_at)];
  return a === b ? one.conversation.id > two.conversation.id : a > b;
}
