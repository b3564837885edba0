// Above the thread: who, which number, who else is here, and what can be done.
import { AlarmClock, Check, Info, RotateCcw, UserRound } from "lucide-react";
import type { InboxItem } from "@/contract";
import { useMay } from "@/shared/session/session";
import { useIsNarrow } from "@/shared/media";
import { useMember, useMembers } from "@/shared/people/members";
import { comingTime, useNow } from "@/shared/time";
import { Avatar } from "@/shared/ui/avatar";
import { Button } from "@/shared/ui/button";
import { IconButton } from "@/shared/ui/icon-button";
import { Menu, MenuContent, MenuTrigger } from "@/shared/ui/menu";
import { PaneHeader } from "@/shared/ui/pane";
import { Tip } from "@/shared/ui/tooltip";
import { OptionItems } from "../details/option-items";
import { useOptions } from "../details/use-options";
import { useActions } from "../model/actions";
import { useViewing } from "../model/signals";
import { statusNames } from "../model/words";
import { cx } from "@/shared/ui/cx";

interface ThreadHeaderProps {
  item: InboxItem;
  back?: () => void;
  hasDetails: boolean;
  toggleDetails: () => void;
}

export function ThreadHeader({ item, back, hasDetails, toggleDetails }: ThreadHeaderProps) {
  const { conversation } = item;
  const now = useNow();
  const mayWrite = useMay("conversations.write");
  const { status, snoozed_until } = conversation;
  // On a phone the thread is the whole page.
  const Heading = useIsNarrow() ? "h1" : "h2";
  return (
    <PaneHeader back={back}>
      <div className="flex min-w-0 flex-1 items-baseline gap-2">
        <Heading className="truncate text-base font-semibold">{conversation.contact.name}</Heading>
        <span className="nums shrink-0 text-xs text-text-3">#{conversation.number}</span>
        {status !== "open" && (
          <span className="hidden shrink-0 rounded bg-hover px-1.5 text-2xs leading-5 font-medium text-text-2 sm:block">
            {status === "snoozed" && snoozed_until
              ? `Snoozed until ${comingTime(snoozed_until, now)}`
              : statusNames[status]}
          </span>
        )}
      </div>
      <ViewerAvatars conversation_id={conversation.id} />
      {mayWrite && <HeaderActions item={item} />}
      <IconButton label="Details" icon={<Info />} pressed={hasDetails} onClick={toggleDetails} />
    </PaneHeader>
  );
}

function HeaderActions({ item }: { item: InboxItem }) {
  const { conversation } = item;
  const isNarrow = useIsNarrow();
  const actions = useActions();
  const options = useOptions(item);
  const assignee = useMember(conversation.assignee_id);
  const isResolved = conversation.status === "resolved";
  return (
    <>
      <Menu>
        <Tip label={assignee ? `Assigned to ${assignee.name}` : "Assign"} keys="a">
          <MenuTrigger
            aria-label={assignee ? `Assigned to ${assignee.name}, change` : "Assign"}
            className={cx(
              "flex size-8 items-center justify-center rounded-md text-text-2",
              "hover:bg-hover hover:text-text data-[state=open]:bg-hover",
            )}
          >
            {assignee ? (
              <Avatar name={assignee.name} seed={assignee.user_id} size="sm" />
            ) : (
              <UserRound className="size-4" />
            )}
          </MenuTrigger>
        </Tip>
        <MenuContent align="end">
          <OptionItems options={options.assign} />
        </MenuContent>
      </Menu>
      {!isNarrow && (
        <Menu>
          <Tip label="Snooze" keys="s">
            <MenuTrigger
              aria-label="Snooze"
              className={cx(
                "flex size-8 items-center justify-center rounded-md text-text-2",
                "hover:bg-hover hover:text-text data-[state=open]:bg-hover",
              )}
            >
              <AlarmClock className="size-4" />
            </MenuTrigger>
          </Tip>
          <MenuContent align="end" className="min-w-60">
            <OptionItems options={options.snooze} />
          </MenuContent>
        </Menu>
      )}
      <Tip label={isResolved ? "Open it again" : "Resolve"} keys="e">
        <Button
          size={isNarrow ? "sm" : "md"}
          className="mx-1 h-7.5"
          onClick={() => actions.setStatus(conversation.id, isResolved ? "open" : "resolved")}
        >
          {isResolved ? <RotateCcw aria-hidden className="size-3.5" /> : <Check aria-hidden className="size-3.5" />}
          {isResolved ? "Reopen" : "Resolve"}
        </Button>
      </Tip>
    </>
  );
}

function ViewerAvatars({ conversation_id }: { conversation_id: string }) {
  const ids = useViewing(conversation_id);
  const viewers = useMembers().filter((member) => ids.includes(member.user_id));
  if (viewers.length === 0) return null;
  return (
    <ul aria-label="Also looking at this" className="mr-1 flex -space-x-1.5">
      {viewers.slice(0, 4).map((member) => (
        <Tip key={member.user_id} label={`${member.name} is looking at this too`}>
          <li className="rounded-full ring-2 ring-surface animate-fade">
            <Avatar name={member.name} seed={member.user_id} size="sm" />
            <span className="sr-only">{member.name}</span>
          </li>
        </Tip>
      ))}
    </ul>
  );
}
