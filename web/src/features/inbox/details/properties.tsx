// How a conversation stands; each line that may change opens its choices.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { InboxItem } from "@/contract";
import { useMember } from "@/shared/people/members";
import { useMay } from "@/shared/session/session";
import { comingTime, fullTime, span, useNow } from "@/shared/time";
import { Avatar } from "@/shared/ui/avatar";
import { Menu, MenuContent, MenuLine, MenuTrigger } from "@/shared/ui/menu";
import { DetailsLabels } from "../label/details-labels";
import { channelsQuery } from "../model/api";
import { priorityNames, statusNames } from "../model/words";
import { PriorityIcon, StatusIcon } from "./icons";
import { OptionItems } from "./option-items";
import { useOptions } from "./use-options";
import { cx } from "@/shared/ui/cx";

export function Properties({ item }: { item: InboxItem }) {
  const { conversation } = item;
  const now = useNow();
  const options = useOptions(item);
  const assignee = useMember(conversation.assignee_id);
  const mayReadChannels = useMay("channels.read");
  const channel = useQuery({ ...channelsQuery, enabled: mayReadChannels }).data?.items.find(
    (one) => one.id === conversation.channel_id,
  );
  const { status, snoozed_until, waiting_since } = conversation;
  return (
    <dl className="flex flex-col">
      <Choice
        name="Status"
        menu={
          <>
            <OptionItems options={options.status} />
            <MenuLine />
            <OptionItems options={options.snooze} />
          </>
        }
      >
        <StatusIcon status={status} />{" "}
        {status === "snoozed" && snoozed_until ? `Until ${comingTime(snoozed_until, now)}` : statusNames[status]}
      </Choice>
      <Choice name="Assignee" menu={<OptionItems options={options.assign} />}>
        {conversation.assignee_id ? (
          <>
            <Avatar name={assignee?.name ?? "?"} seed={conversation.assignee_id} size="xs" />{" "}
            <span className="truncate">{assignee?.name ?? "A colleague"}</span>
          </>
        ) : (
          <span className="text-text-3">Nobody</span>
        )}
      </Choice>
      <Choice name="Priority" menu={<OptionItems options={options.priority} />}>
        <PriorityIcon priority={conversation.priority} />{" "}
        <span className={conversation.priority === "none" ? "text-text-3" : undefined}>
          {priorityNames[conversation.priority]}
        </span>
      </Choice>
      <DetailsLabels conversation={conversation} />
      {waiting_since && status === "open" && (
        <Fact name="Waits since">
          <time dateTime={waiting_since} title={fullTime(waiting_since)}>
            {span(now.getTime() - Date.parse(waiting_since))}
          </time>
        </Fact>
      )}
      {channel && <Fact name="Channel">{channel.name}</Fact>}
      <Fact name="Number">
        <span className="nums">#{conversation.number}</span>
      </Fact>
      <Fact name="Started">
        <time dateTime={conversation.started_at}>{fullTime(conversation.started_at)}</time>
      </Fact>
    </dl>
  );
}

function Choice({ name, menu, children }: { name: string; menu: ReactNode; children: ReactNode }) {
  const mayWrite = useMay("conversations.write");
  if (!mayWrite)
    return (
      <Fact name={name}>
        <span className="flex items-center gap-2">{children}</span>
      </Fact>
    );
  return (
    <div className="flex min-h-8 items-center">
      <dt className="w-[88px] shrink-0 text-sm text-text-3">{name}</dt>
      <dd className="min-w-0 flex-1">
        <Menu>
          <MenuTrigger
            aria-label={`${name}, change`}
            className={cx(
              "-ml-2 flex h-7.5 max-w-full items-center gap-2 rounded-md px-2",
              "text-sm hover:bg-hover data-[state=open]:bg-hover",
            )}
          >
            {children}
          </MenuTrigger>
          <MenuContent align="start" className="min-w-52">
            {menu}
          </MenuContent>
        </Menu>
      </dd>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center">
      <dt className="w-[88px] shrink-0 text-sm text-text-3">{name}</dt>
      <dd className="min-w-0 flex-1 truncate text-sm">{children}</dd>
    </div>
  );
}
