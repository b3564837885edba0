import { useEffect, useMemo, useRef, useState } from "react";
import type { InboxItem } from "@/contract";
import { useShortcuts } from "@/shared/keys/shortcuts";
import { announce } from "@/shared/ui/announcer";
import { unreadOf } from "../model/filter";
import type { Place } from "../model/place";
import { neighbour } from "./neighbour";

/** j and k: move the mark; with a conversation open they open the next one. Answers the marked id. */
export function useListKeys(items: InboxItem[], place: Place, scrollTo: (index: number) => void): string | undefined {
  const ids = useMemo(() => items.map((one) => one.conversation.id), [items]);
  const [marked, setMarked] = useState<string>();
  const at = marked ?? place.conversation_id;
  const was = useRef(0);
  useEffect(() => {
    const index = at ? ids.indexOf(at) : -1;
    if (index >= 0) was.current = index;
  }, [at, ids]);
  useEffect(() => setMarked(undefined), [place.conversation_id, place.view]);

  const mark = (id: string): void => {
    setMarked(id);
    const item = items.find((one) => one.conversation.id === id);
    if (item) announce(`${item.conversation.contact.name}, ${unreadOf(item)} unread`);
  };
  const move = (step: 1 | -1): void => {
    const next = neighbour(ids, at, was.current, step);
    if (!next) return;
    scrollTo(ids.indexOf(next));
    if (place.conversation_id) place.open(next);
    else mark(next);
  };
  useShortcuts([
    { keys: "j", label: "Next conversation", group: "List", run: () => move(1) },
    { keys: "k", label: "Previous conversation", group: "List", run: () => move(-1) },
    { keys: "enter", label: "Open", group: "List", run: () => at && place.open(at) },
  ]);
  return marked;
}
