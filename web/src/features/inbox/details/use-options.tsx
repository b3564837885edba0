// The choices for a conversation: the same in the menus, under the keys, and in the palette.
import { AlarmClock, CalendarClock, UserRoundX } from "lucide-react";
import type { ReactNode } from "react";
import type { InboxItem } from "@/contract";
import { useMembers } from "@/shared/people/members";
import { useMe } from "@/shared/session/session";
import { comingTime } from "@/shared/time";
import { Avatar } from "@/shared/ui/avatar";
import { useActions } from "../model/actions";
import { priorities, priorityNames, statuses, statusNames } from "../model/words";
import { askSnooze } from "./choosing";
import { PriorityIcon, StatusIcon } from "./icons";
import { snoozeChoices } from "./snooze-times";

export interface Option {
  id: string;
  label: string;
  icon: ReactNode;
  hint?: string;
  isChosen: boolean;
  run: () => void;
}

export interface Options {
  assign: Option[];
  snooze: Option[];
  priority: Option[];
  status: Option[];
}

export function useOptions({ conversation }: InboxItem): Options {
  const me = useMe();
  const members = useMembers();
  const actions = useActions();
  const { id } = conversation;
  const others = members.filter((member) => member.user_id !== me.user.id).sort((a, b) => a.name.localeCompare(b.name));
  const person = (user_id: string, name: string, label = name): Option => ({
    id: user_id,
    label,
    icon: <Avatar name={name} seed={user_id} size="xs" />,
    isChosen: conversation.assignee_id === user_id,
    run: () => actions.assign(id, { id: user_id, name }),
  });
  const now = new Date();
  return {
    assign: [
      person(me.user.id, me.user.name, `${me.user.name} (you)`),
      ...others.map((member) => person(member.user_id, member.name)),
      {
        id: "nobody",
        label: "Nobody",
        icon: <UserRoundX />,
        isChosen: conversation.assignee_id == null,
        run: () => actions.assign(id, null),
      },
    ],
    snooze: [
      ...snoozeChoices(now).map(({ label, until }): Option => ({
        id: label,
        label,
        icon: <AlarmClock />,
        hint: comingTime(until.toISOString(), now),
        isChosen: false,
        run: () => actions.setStatus(id, "snoozed", until.toISOString()),
      })),
      { id: "custom", label: "Choose a time…", icon: <CalendarClock />, isChosen: false, run: () => askSnooze(id) },
    ],
    priority: priorities.map((priority): Option => ({
      id: priority,
      label: priorityNames[priority],
      icon: <PriorityIcon priority={priority} />,
      isChosen: conversation.priority === priority,
      run: () => actions.prioritize(id, priority),
    })),
    status: statuses
      .filter((status) => status !== "snoozed")
      .map((status): Option => ({
        id: status,
        label: statusNames[status],
        icon: <StatusIcon status={status} />,
        isChosen: conversation.status === status,
        run: () => actions.setStatus(id, status),
      })),
  };
}
