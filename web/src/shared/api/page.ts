// Pages of things, as lists are answered.
import type { Page } from "@/contract";

/** Puts in a thing, or its newer view in the place of the older. */
export function withItem<T extends { id: string }>(page: Page<T>, item: T): Page<T> {
  const isKnown = page.items.some((one) => one.id === item.id);
  if (!isKnown) return { ...page, items: [...page.items, item] };
  return { ...page, items: page.items.map((one) => (one.id === item.id ? item : one)) };
}

export function withoutItem<T extends { id: string }>(page: Page<T>, id: string): Page<T> {
  return { ...page, items: page.items.filter((one) => one.id !== id) };
}
