// The list of conversations: as many rows on the page as fit, as many in it as there are.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { InboxItem } from "@/contract";
import { useAppearance } from "@/shared/theme";
import { Failed, useDelayed } from "@/shared/ui/states";
import { listQuery } from "../model/api";
import type { Place } from "../model/place";
import { EmptyList } from "./empty";
import { ListHeader } from "./header";
import { Row } from "./row";
import { RowBones } from "./bones";
import { shiftOf } from "./shift";
import { useListKeys } from "./use-list-keys";

const none: InboxItem[] = [];

export function ConversationList({ place }: { place: Place }) {
  const query = useInfiniteQuery(listQuery(place.filter));
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? none, [query.data]);
  return (
    <section aria-label="Conversations" className="flex h-full min-w-0 flex-col bg-surface">
      <ListHeader place={place} />
      <div className="min-h-0 flex-1">
        <ListBody place={place} query={query} items={items} />
      </div>
    </section>
  );
}

type ListQuery = Pick<
  ReturnType<typeof useInfiniteQuery>,
  "isPending" | "isError" | "error" | "refetch" | "hasNextPage" | "isFetchingNextPage" | "fetchNextPage"
>;

function ListBody({ place, query, items }: { place: Place; query: ListQuery; items: InboxItem[] }) {
  const late = useDelayed(query.isPending);
  if (query.isPending) return late ? <RowBones n={9} /> : null;
  if (query.isError && items.length === 0) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (items.length === 0 && !query.hasNextPage) return <EmptyList place={place} />;
  return <Rows key={JSON.stringify(place.filter)} place={place} query={query} items={items} />;
}

function Rows({ place, query, items }: { place: Place; query: ListQuery; items: InboxItem[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const { density } = useAppearance();
  const height = density === "compact" ? 48 : 64;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    getItemKey: (index) => items[index]?.conversation.id ?? index,
    overscan: 8,
  });
  useEffect(() => rows.measure(), [rows, height]);
  useKeptPlace(frame, items, height);
  const at = useListKeys(items, place, (index) => rows.scrollToIndex(index, { align: "auto" }));

  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (last >= items.length - 10 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <div ref={frame} className="h-full overflow-y-auto overscroll-contain [contain:strict]">
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {shown.map((row) => {
          const item = items[row.index]!;
          return (
            <li key={row.key} className="absolute inset-x-0 top-0" style={{ transform: `translateY(${row.start}px)` }}>
              <Row
                item={item}
                view={place.view}
                search={place.search}
                isOpen={item.conversation.id === place.conversation_id}
                isAt={item.conversation.id === at}
              />
            </li>
          );
        })}
      </ul>
      {isFetchingNextPage && <RowBones n={2} />}
    </div>
  );
}

/** Whoever has scrolled down keeps the same rows before their eyes while others are put above them. */
function useKeptPlace(frame: RefObject<HTMLDivElement | null>, items: InboxItem[], height: number): void {
  const before = useRef<string[]>([]);
  useLayoutEffect(() => {
    const ids = items.map((one) => one.conversation.id);
    const box = frame.current;
    if (box && box.scrollTop > height / 2)
      box.scrollTop += shiftOf(before.current, ids, Math.floor(box.scrollTop / height)) * height;
    before.current = ids;
  }, [frame, items, height]);
}
