// What a person does to a conversation: shown at once, sent, and taken back when refused or undone.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Change, Conversation, Priority, Status } from "@/contract";
import { toast, toastProblem } from "@/shared/ui/toast";
import { comingTime } from "@/shared/time";
import { putAssignee, putLabels, putPriority, putStatus } from "./api";
import { heldItem, moveCountsBy, myId, placeItem, takeChange } from "./cache";
import { priorityNames } from "./words";

export interface Actions {
  setStatus: (id: string, status: Status, until?: string | null) => void;
  assign: (id: string, assignee: { id: string; name: string } | null) => void;
  prioritize: (id: string, priority: Priority) => void;
  /** Puts these labels on, and takes the others off. */
  label: (id: string, label_ids: string[]) => void;
}

export function useActions(): Actions {
  const cache = useQueryClient();
  return useMemo(() => actionsOn(cache), [cache]);
}

export function actionsOn(cache: QueryClient): Actions {
  return {
    setStatus(id, status, until = null) {
      const before = heldItem(cache, id)?.conversation;
      if (!before || (before.status === status && before.snoozed_until === until)) return;
      const to = (status: Status, snoozed_until: string | null): Step => ({
        patch: { status, snoozed_until },
        ask: () => putStatus(id, status, snoozed_until),
      });
      const said = sayStatus(before, status, until);
      carryOut(cache, id, "The status was", to(status, until), to(before.status, before.snoozed_until), said);
    },
    assign(id, assignee) {
      const before = heldItem(cache, id)?.conversation;
      const assignee_id = assignee?.id ?? null;
      if (!before || before.assignee_id === assignee_id) return;
      const to = (assignee_id: string | null): Step => ({
        patch: { assignee_id },
        ask: () => putAssignee(id, assignee_id),
      });
      const said = assignee ? `assigned to ${assignee_id === myId() ? "you" : assignee.name}` : "is unassigned";
      carryOut(cache, id, "The assignee was", to(assignee_id), to(before.assignee_id), `#${before.number} ${said}`);
    },
    prioritize(id, priority) {
      const before = heldItem(cache, id)?.conversation;
      if (!before || before.priority === priority) return;
      const to = (priority: Priority): Step => ({ patch: { priority }, ask: () => putPriority(id, priority) });
      const said = `${priorityNames[priority].toLowerCase()}${priority === "none" ? "" : " priority"}`;
      carryOut(cache, id, "The priority was", to(priority), to(before.priority), `#${before.number}: ${said}`);
    },
    label(id, label_ids) {
      const before = heldItem(cache, id)?.conversation;
      const isSame = label_ids.length === before?.label_ids.length;
      if (!before || (isSame && label_ids.every((one) => before.label_ids.includes(one)))) return;
      const to = (label_ids: string[]): Step => ({ patch: { label_ids }, ask: () => putLabels(id, label_ids) });
      const said = `#${before.number} has ${label_ids.length > 0 ? "other labels" : "no label"} now`;
      carryOut(cache, id, "The labels were", to(label_ids), to(before.label_ids), said);
    },
  };
}

/** What a conversation shall be, and how the server is asked for it. */
interface Step {
  patch: Partial<Conversation>;
  ask: () => Promise<Change>;
}

/** Takes a step, says so, and offers the way back. */
function carryOut(cache: QueryClient, id: string, what: string, there: Step, back: Step, said: string): void {
  void attempt(cache, id, there, `${what} not changed.`);
  toast(said, () => void attempt(cache, id, back, `${what} not changed back.`));
}

function sayStatus({ number }: Conversation, status: Status, until: string | null): string {
  if (status === "snoozed" && until) return `#${number} snoozed until ${comingTime(until, new Date())}`;
  return {
    open: `#${number} is open`,
    pending: `#${number} is pending`,
    snoozed: `#${number} snoozed`,
    resolved: `#${number} resolved`,
  }[status];
}

/** Shows the step now and asks the server; a refusal puts back what was there and says so. */
async function attempt(cache: QueryClient, id: string, { patch, ask }: Step, refused: string): Promise<void> {
  const before = heldItem(cache, id);
  if (!before) return;
  const after = { ...before.conversation, ...patch };
  placeItem(cache, { ...before, conversation: after });
  moveCountsBy(cache, before.conversation, after);
  try {
    takeChange(cache, await ask());
  } catch (error) {
    const now = heldItem(cache, id);
    if (now && now.conversation.version === before.conversation.version) {
      placeItem(cache, { ...now, conversation: before.conversation });
      moveCountsBy(cache, after, before.conversation);
    }
    toastProblem(error, refused);
  }
}
