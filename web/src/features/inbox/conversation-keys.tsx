// The keys and palette actions of the conversation that is open.
import { AlarmClock, Check, Flag, RotateCcw, Tag, UserRound } from "lucide-react";
import type { InboxItem } from "@/contract";
import { useCommands } from "@/shared/commands/commands";
import { useShortcuts } from "@/shared/keys/shortcuts";
import { useMay, useMe } from "@/shared/session/session";
import { askFor } from "./details/choosing";
import { useActions } from "./model/actions";
import type { Place } from "./model/place";

export function ConversationKeys({ item, place }: { item: InboxItem; place: Place }) {
  const { id, number, status, assignee_id } = item.conversation;
  const me = useMe();
  const actions = useActions();
  const mayWrite = useMay("conversations.write");
  const isResolved = status === "resolved";
  const settle = (): void => actions.setStatus(id, isResolved ? "open" : "resolved");
  const take = (): void => actions.assign(id, { id: me.user.id, name: me.user.name });

  useShortcuts([
    { keys: "escape", label: "Close the conversation", group: "Conversation", run: place.close },
    ...(mayWrite
      ? [
          { keys: "a", label: "Assign", group: "Conversation", run: () => askFor("assign", id) },
          { keys: "s", label: "Snooze", group: "Conversation", run: () => askFor("snooze", id) },
          { keys: "l", label: "Labels", group: "Conversation", run: () => askFor("labels", id) },
          { keys: "p", label: "Priority", group: "Conversation", run: () => askFor("priority", id) },
          { keys: "e", label: isResolved ? "Reopen" : "Resolve", group: "Conversation", run: settle },
        ]
      : []),
  ]);
  useCommands(
    mayWrite
      ? [
          {
            id: `settle ${id}`,
            label: `${isResolved ? "Reopen" : "Resolve"} #${number}`,
            group: "Actions",
            icon: isResolved ? RotateCcw : Check,
            keys: "e",
            run: settle,
          },
          ...(assignee_id === me.user.id
            ? []
            : [
                {
                  id: `take ${id}`,
                  label: `Assign #${number} to me`,
                  group: "Actions" as const,
                  icon: UserRound,
                  run: take,
                },
              ]),
          {
            id: `assign ${id}`,
            label: `Assign #${number}…`,
            group: "Actions",
            icon: UserRound,
            keys: "a",
            run: () => askFor("assign", id),
          },
          {
            id: `snooze ${id}`,
            label: `Snooze #${number}…`,
            group: "Actions",
            icon: AlarmClock,
            keys: "s",
            run: () => askFor("snooze", id),
          },
          {
            id: `priority ${id}`,
            label: `Set the priority of #${number}…`,
            group: "Actions",
            icon: Flag,
            keys: "p",
            run: () => askFor("priority", id),
          },
          {
            id: `labels ${id}`,
            label: `Label #${number}…`,
            group: "Actions",
            icon: Tag,
            keys: "l",
            run: () => askFor("labels", id),
          },
        ]
      : [],
  );
  return null;
}
