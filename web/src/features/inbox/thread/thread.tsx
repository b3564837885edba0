// One conversation: its messages, who is typing, and the place to answer.
import { useQuery } from "@tanstack/react-query";
import { ArrowDown } from "lucide-react";
import { useMemo, useState } from "react";
import type { InboxItem } from "@/contract";
import { useMe } from "@/shared/session/session";
import { Failed, useDelayed } from "@/shared/ui/states";
import { Composer } from "../composer/composer";
import { onTheWay, useOutbox } from "../composer/outbox";
import { messagesQuery } from "../model/api";
import { tickedPositions, tickOf } from "../model/conversation";
import { unreadOf } from "../model/filter";
import { useTyping } from "../model/signals";
import { EarlierLine, useEarlier } from "./earlier";
import { linesOf } from "./lines";
import { ActivityLine, DayLine, TypingLine, UnreadLine } from "./quiet-lines";
import { SpeechLine } from "./speech";
import { ThreadBones } from "./bones";
import { useMarkRead } from "./use-mark-read";
import { useThreadScroll } from "./use-thread-scroll";
import { useTellViewing } from "./use-viewing";
import { cx } from "@/shared/ui/cx";

/** Keyed by the conversation's id, so that nothing of one shows in another. */
export function Thread({ item }: { item: InboxItem }) {
  const { conversation } = item;
  const me = useMe();
  const query = useQuery(messagesQuery(conversation.id));
  const stretch = query.data;
  const typists = useTyping(conversation.id);
  const outgoing = onTheWay(useOutbox(), conversation.id, stretch);
  const [read_through] = useState(() => (unreadOf(item) > 0 ? item.my_read.position : null));
  const lines = useMemo(
    () => linesOf({ messages: stretch?.items ?? [], outgoing, read_through, me: me.user }),
    // The outgoing ones are a new array each time; their keys and states are what matters.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
    [stretch, outgoing.map((one) => one.key + one.state).join(), read_through, me.user],
  );
  const ticked = useMemo(() => tickedPositions(stretch?.items ?? [], conversation), [stretch, conversation]);
  const earlier = useEarlier(conversation.id, stretch);
  const scroll = useThreadScroll({
    isReady: stretch !== undefined,
    first: stretch?.items[0]?.position ?? 0,
    content: lines,
    nearStart: earlier.reach,
  });
  const last_position = stretch?.items.at(-1)?.position ?? 0;
  useMarkRead(item, last_position, scroll.isAtEnd && query.isSuccess);
  useTellViewing(conversation.id);
  const late = useDelayed(query.isPending);

  return (
    <>
      <div className="relative min-h-0 flex-1">
        {query.isPending && late && <ThreadBones />}
        {query.isError && !stretch && <Failed error={query.error} retry={() => void query.refetch()} />}
        {stretch && (
          <div
            ref={scroll.frame}
            onScroll={scroll.onScroll}
            tabIndex={0}
            role="region"
            aria-label="Messages"
            data-quiet-focus
            className={cx(
              "group/messages h-full overflow-x-hidden overflow-y-auto",
              "overscroll-contain [overflow-anchor:none]",
            )}
          >
            <div className="flex min-h-full flex-col justify-end pt-4">
              {stretch.has_earlier && <EarlierLine earlier={earlier} />}
              {lines.map((line) => {
                if (line.type === "day") return <DayLine key={line.key} at={line.at} />;
                if (line.type === "unread") return <UnreadLine key={line.key} />;
                if (line.type === "activity") return <ActivityLine key={line.key} message={line.message} />;
                const { position } = line.speech;
                return (
                  <SpeechLine
                    key={line.key}
                    speech={line.speech}
                    isFirst={line.isFirst}
                    isLast={line.isLast}
                    tick={position !== null && ticked.has(position) ? tickOf(position, conversation) : null}
                  />
                );
              })}
              <TypingLine typists={typists} customer={conversation.contact.name} />
            </div>
          </div>
        )}
        {stretch && !scroll.isAtEnd && <JumpToNewest n_unread={unreadOf(item)} jump={() => scroll.toEnd(true)} />}
      </div>
      <Composer
        conversation={conversation}
        seen={last_position}
        typists={typists}
        afterSend={() => setTimeout(() => scroll.toEnd(), 0)}
      />
    </>
  );
}

function JumpToNewest({ n_unread, jump }: { n_unread: number; jump: () => void }) {
  return (
    <button
      type="button"
      onClick={jump}
      className={cx(
        "absolute bottom-3 left-1/2 flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full",
        "bg-raised px-3 text-xs font-medium shadow-float animate-in hover:bg-hover",
      )}
    >
      <ArrowDown aria-hidden className="size-3.5" />
      {n_unread > 0 ? <span className="text-accent-text">{n_unread} new</span> : "Newest"}
    </button>
  );
}
