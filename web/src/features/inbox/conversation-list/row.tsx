// One conversation in the list.
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Eye, MessageCircle, StickyNote } from "lucide-react";
import { memo } from "react";
import type { InboxItem } from "@/contract";
import { useMember } from "@/shared/people/members";
import { fullTime, rowTime, useNow } from "@/shared/time";
import { Avatar } from "@/shared/ui/avatar";
import { cx } from "@/shared/ui/cx";
import { PriorityIcon } from "../details/icons";
import { RowLabels } from "../label/chip";
import { useLabelsOf } from "../label/use-labels-of";
import { messagesQuery } from "../model/api";
import { myId } from "../model/cache";
import { unreadOf, type View } from "../model/filter";
import type { InboxSearch } from "../model/place";
import { useTyping, useViewing } from "../model/signals";
import { previewOf } from "./preview";

interface RowProps {
  item: InboxItem;
  view: View;
  search: InboxSearch;
  isOpen: boolean;
  isAt: boolean;
}

export const Row = memo(function Row({ item, view, search, isOpen, isAt }: RowProps) {
  const { conversation } = item;
  const n_unread = unreadOf(item);
  const now = useNow();
  const cache = useQueryClient();
  const labels = useLabelsOf(conversation);
  return (
    <Link
      onPointerDown={() => void cache.prefetchQuery(messagesQuery(conversation.id))}
      to="/inbox/$view/$conversationId"
      params={{ view, conversationId: conversation.id }}
      search={search}
      aria-current={isOpen ? "true" : undefined}
      aria-label={`${conversation.contact.name}, #${conversation.number}${n_unread > 0 ? `, ${n_unread} unread` : ""}`}
      data-conversation={conversation.id}
      className={cx(
        "row-h relative flex items-center gap-3 pr-3.5 pl-5 outline-offset-[-3px]",
        isOpen ? "bg-accent-soft" : isAt ? "bg-hover" : "hover:bg-hover/70",
      )}
    >
      {isAt && <span aria-hidden className="absolute inset-y-2 left-0 w-[3px] rounded-r bg-accent" />}
      {n_unread > 0 && <span aria-hidden className="absolute left-[7px] size-2 rounded-full bg-accent" />}
      <Avatar name={conversation.contact.name} seed={conversation.contact.id} size="lg" corner={<ChannelGlyph />} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className={cx("truncate text-sm", n_unread > 0 ? "font-semibold" : "font-normal")}>
            {conversation.contact.name}
          </span>
          <span className="flex-1" />
          <PriorityIcon priority={conversation.priority} quiet />
          <time
            dateTime={conversation.last_activity_at}
            title={fullTime(conversation.last_activity_at)}
            className={cx("nums shrink-0 text-2xs", n_unread > 0 ? "text-accent-text" : "text-text-3")}
          >
            {rowTime(conversation.last_activity_at, now)}
          </time>
        </span>
        <span className="flex h-5 items-center gap-1.5">
          <Line item={item} isUnread={n_unread > 0} />
          <RowLabels labels={labels} />
          <Viewers conversation_id={conversation.id} />
          {conversation.assignee_id && view !== "mine" && <Assignee id={conversation.assignee_id} />}
        </span>
      </span>
    </Link>
  );
});

function Line({ item, isUnread }: { item: InboxItem; isUnread: boolean }) {
  const typists = useTyping(item.conversation.id);
  const { who, text, isNote } = previewOf(item.conversation.last_message, myId());
  const typist = typists[0];
  if (typist)
    return (
      <span className="min-w-0 flex-1 truncate text-xs text-accent-text">
        {typist.kind === "contact" ? "typing…" : `${typist.name.split(" ")[0]} is typing…`}
      </span>
    );
  return (
    <span className={cx("flex min-w-0 flex-1 items-center gap-1 text-xs", isUnread ? "text-text" : "text-text-3")}>
      {isNote && <StickyNote aria-label="Note" className="size-3 shrink-0 text-note-text" />}
      <span className="truncate">
        {who && <span className="text-text-2">{who}: </span>}
        {text}
      </span>
    </span>
  );
}

function Assignee({ id }: { id: string }) {
  const member = useMember(id);
  if (!member) return null;
  return (
    <span title={`Assigned to ${member.name}`}>
      <Avatar name={member.name} seed={id} size="xs" />
      <span className="sr-only">Assigned to {member.name}</span>
    </span>
  );
}

function Viewers({ conversation_id }: { conversation_id: string }) {
  const [first, ...others] = useViewing(conversation_id);
  const member = useMember(first);
  if (!member) return null;
  return (
    <span
      title={`${member.name}${others.length > 0 ? ` and ${others.length} more` : ""} looking at this`}
      className="flex shrink-0 items-center gap-0.5 text-green"
    >
      <Eye aria-label="Somebody is looking at this" className="size-3.5" />
    </span>
  );
}

function ChannelGlyph() {
  return (
    <span
      className={cx(
        "absolute -right-1 -bottom-1 flex size-4 items-center",
        "justify-center rounded-full bg-surface text-text-3",
      )}
    >
      <MessageCircle className="size-2.5 fill-current" strokeWidth={2.4} />
    </span>
  );
}
