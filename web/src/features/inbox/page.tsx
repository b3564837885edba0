// The inbox: list, thread and details side by side, or one at a time on a phone.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { hasCode } from "@/shared/api/problem";
import { useIsNarrow, useIsWide } from "@/shared/media";
import { useRemembered } from "@/shared/remember";
import { useStore } from "@/shared/store";
import { Mark } from "@/shared/ui/brand";
import { lazily } from "@/shared/ui/lazily";
import { Keys } from "@/shared/ui/kbd";
import { PaneHeader } from "@/shared/ui/pane";
import { Resizer } from "@/shared/ui/resizer";
import { Empty, Failed, Later } from "@/shared/ui/states";
import { ConversationList } from "./conversation-list/list";
import { ConversationKeys } from "./conversation-keys";
import { choosing } from "./details/choosing";
import { Details } from "./details/details";
import { conversationQuery } from "./model/api";
import { heldItem } from "./model/cache";
import { type Place, usePlace } from "./model/place";
import { ThreadBones } from "./thread/bones";
import { ThreadHeader } from "./thread/header";
import { Thread } from "./thread/thread";

const Drawer = lazily(() => import("@/shared/ui/drawer").then((one) => one.Drawer));
const Chooser = lazily(() => import("./details/chooser").then((one) => one.Chooser));

export function InboxPage() {
  const place = usePlace();
  const isNarrow = useIsNarrow();
  const [width, setWidth] = useRemembered("list-width", 340);
  if (isNarrow)
    return (
      <div className="min-w-0 flex-1">
        {place.conversation_id ? (
          <OpenConversation key={place.conversation_id} id={place.conversation_id} place={place} />
        ) : (
          <ConversationList place={place} />
        )}
      </div>
    );
  return (
    <>
      <div style={{ width }} className="shrink-0">
        <ConversationList place={place} />
      </div>
      <Resizer label="Width of the list" width={width} min={260} max={520} side="left" onChange={setWidth} />
      <div className="min-w-0 flex-1">
        {place.conversation_id ? (
          <OpenConversation key={place.conversation_id} id={place.conversation_id} place={place} />
        ) : (
          <NothingOpen />
        )}
      </div>
    </>
  );
}

function OpenConversation({ id, place }: { id: string; place: Place }) {
  const isNarrow = useIsNarrow();
  const isWide = useIsWide();
  const [isPinned, setPinned] = useRemembered("details", true);
  const [isOver, setOver] = useState(false);
  const [width, setWidth] = useRemembered("details-width", 320);
  const cache = useQueryClient();
  const query = useQuery({
    ...conversationQuery(id),
    initialData: () => heldItem(cache, id),
    initialDataUpdatedAt: Date.now,
  });
  const item = query.data;
  const isChoosing = useStore(choosing, (asked) => asked?.conversation_id === id);
  const back = isNarrow ? place.close : undefined;
  useEffect(() => setOver(false), [isWide]);

  if (query.isError && !item) return <Broken error={query.error} back={back} retry={() => void query.refetch()} />;
  if (!item)
    return (
      <div className="flex h-full flex-col bg-surface">
        <PaneHeader back={back}>{null}</PaneHeader>
        <div className="min-h-0 flex-1">
          <Later>
            <ThreadBones />
          </Later>
        </div>
      </div>
    );
  const shows = isWide ? isPinned : isOver;
  return (
    <div className="flex h-full min-w-0">
      <section
        aria-label={`Conversation with ${item.conversation.contact.name}`}
        className="flex h-full min-w-0 flex-1 flex-col bg-surface"
      >
        <ThreadHeader
          item={item}
          {...(back ? { back } : {})}
          hasDetails={shows}
          toggleDetails={() => (isWide ? setPinned(!isPinned) : setOver(!isOver))}
        />
        <Thread item={item} />
      </section>
      {isWide && isPinned && (
        <>
          <Resizer label="Width of the details" width={width} min={260} max={480} side="right" onChange={setWidth} />
          <div style={{ width }} className="shrink-0">
            <Details item={item} />
          </div>
        </>
      )}
      {!isWide && isOver && (
        <Drawer side="right" title="Details" close={() => setOver(false)}>
          <Details item={item} />
        </Drawer>
      )}
      <ConversationKeys item={item} place={place} />
      {isChoosing && <Chooser item={item} />}
    </div>
  );
}

function Broken({ error, back, retry }: { error: unknown; back: (() => void) | undefined; retry: () => void }) {
  return (
    <div className="flex h-full flex-col bg-surface">
      <PaneHeader back={back}>{null}</PaneHeader>
      <div className="flex-1">
        {hasCode(error, "not_found") ? (
          <Empty title="This conversation is not here">
            It may belong to another workspace, or the link may be incomplete.
          </Empty>
        ) : (
          <Failed error={error} retry={retry} />
        )}
      </div>
    </div>
  );
}

function NothingOpen() {
  return (
    <div className="h-full bg-surface">
      <Empty
        picture={
          <span className="opacity-60 grayscale">
            <Mark size={44} />
          </span>
        }
        title="Choose a conversation"
      >
        <span className="mt-2 inline-flex flex-wrap items-center justify-center gap-x-4 gap-y-2 text-xs text-text-3">
          <span className="inline-flex items-center gap-1.5">
            <Keys keys="j" />
            <Keys keys="k" /> move
          </span>
          <span className="inline-flex items-center gap-1.5">
            <Keys keys="enter" /> open
          </span>
          <span className="inline-flex items-center gap-1.5">
            <Keys keys="mod+k" /> find anything
          </span>
          <span className="inline-flex items-center gap-1.5">
            <Keys keys="?" /> all keys
          </span>
        </span>
      </Empty>
    </div>
  );
}
