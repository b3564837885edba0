// What a person does to a conversation: shown at once, sent, and taken back when refused or undone.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Change, Conversation, Priority, Status } from "@/contract";
import { toast, toastProblem } from "@/shared/ui/toast";
import { comingTime } from "@/shared/time";
import { putAssignee, putPriority, putStatus } from "./api";
import { heldItem, moveCountsBy, myId, placeItem, takeChange } from "./cache";
import { priorityNames } from "./words";

export interface Actions {
  setStatus: (id: string, status: Status, until?: string | null) => void;
  assign: (id: string, assignee: { id: string; name: string } | null) => void;
  prioritize: (id: string, priority: Priority) => void;
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
      const back = (): void =>
        void attempt(
          cache,
          id,
          { status: before.status, snoozed_until: before.snoozed_until },
          () => putStatus(id, before.status, before.snoozed_until),
          "The status was not changed back.",
        );
      void attempt(
        cache,
        id,
        { status, snoozed_until: until },
        () => putStatus(id, status, until),
        "The status was not changed.",
      );
      toast(sayStatus(before, status, until), back);
    },
    assign(id, assignee) {
      const before = heldItem(cache, id)?.conversation;
      const assignee_id = assignee?.id ?? null;
      if (!before || before.assignee_id === assignee_id) return;
      const back = (): void =>
        void attempt(
          cache,
          id,
          { assignee_id: before.assignee_id },
          () => putAssignee(id, before.assignee_id),
          "The assignee was not changed back.",
        );
      void attempt(cache, id, { assignee_id }, () => putAssignee(id, assignee_id), "The assignee was not changed.");
      toast(
        assignee
          ? `#${before.number} assigned to ${assignee.id === myId() ? "you" : assignee.name}`
          : `#${before.number} is unassigned`,
        back,
      );
    },
    prioritize(id, priority) {
      const before = heldItem(cache, id)?.conversation;
      if (!before || before.priority === priority) return;
      const back = (): void =>
        void attempt(
          cache,
          id,
          { priority: before.priority },
          () => putPriority(id, before.priority),
          "The priority was not changed back.",
        );
      void attempt(cache, id, { priority }, () => putPriority(id, priority), "The priority was not changed.");
      toast(
        `#${before.number}: ${priorityNames[priority].toLowerCase()}${priority === "none" ? "" : " priority"}`,
        back,
      );
    },
  };
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

/** Shows `patch` now and asks the server; a refusal puts back what was there and says so. */
async function attempt(
  cache: QueryClient,
  id: string,
  patch: Partial<Conversation>,
  ask: () => Promise<Change>,
  refused: string,
): Promise<void> {
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
