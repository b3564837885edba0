// How the numbers in the rail move when one conversation changes. They count open conversations.
import type { Conversation, Counts } from "@/contract";
import { inView } from "./filter";

type Counted = Pick<Conversation, "status" | "assignee_id" | "channel_id" | "label_ids">;

export function moveCounts(counts: Counts, before: Counted | null, after: Counted, me_id: string): Counts {
  const step = (counts: Counts, one: Counted, by: 1 | -1): Counts => {
    if (one.status !== "open") return counts;
    return {
      mine: atLeastZero(counts.mine + (inView("mine", one, me_id) ? by : 0)),
      unassigned: atLeastZero(counts.unassigned + (inView("unassigned", one, me_id) ? by : 0)),
      all: atLeastZero(counts.all + by),
      by_channel: moved(counts.by_channel, [one.channel_id], by),
      by_label: moved(counts.by_label, one.label_ids, by),
    };
  };
  return step(before ? step(counts, before, -1) : counts, after, 1);
}

function moved(counts: Record<string, number>, ids: string[], by: 1 | -1): Record<string, number> {
  return { ...counts, ...Object.fromEntries(ids.map((id) => [id, atLeastZero((counts[id] ?? 0) + by)])) };
}

const atLeastZero = (n: number): number => Math.max(0, n);
