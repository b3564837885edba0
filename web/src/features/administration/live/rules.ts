// How the live page orders and measures what it shows, so that rows do not jump from second to second.
import type { ActorTree } from "@/contract";

export type LiveEntity = ActorTree["entities"][number];

/** Troubled ones first, then by name: an order that does not depend on how busy something is this second. */
export function inOrder(entities: readonly LiveEntity[]): LiveEntity[] {
  const rank = (one: LiveEntity): number => (one.state === "quarantined" ? 0 : 1);
  return [...entities].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.kind.localeCompare(b.kind) ||
      a.label.localeCompare(b.label, undefined, { numeric: true }) ||
      a.id.localeCompare(b.id),
  );
}

/** How full a mailbox is, from 0 to 1. The steps are wide at the start, where 1 and 4 are not the same. */
export function depth(mailbox: number): number {
  return Math.min(1, Math.log2(1 + Math.max(0, mailbox)) / 8);
}

export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  if (n < 1024 * 1024) return `${Math.round(n / 1024)} KiB`;
  return `${(n / 1024 / 1024).toFixed(1)} MiB`;
}
