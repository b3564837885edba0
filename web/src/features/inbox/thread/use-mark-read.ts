// Says that we have read, when the newest message is really in front of somebody.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { InboxItem } from "@/contract";
import { live } from "@/shared/live/live";
import { postRead } from "../model/api";
import { heldItem, myId, placeItem } from "../model/cache";
import { withRead } from "../model/conversation";

export function useMarkRead(item: InboxItem | undefined, last_position: number, isAtEnd: boolean): void {
  const cache = useQueryClient();
  const isSeen = useIsSeen();
  const id = item?.conversation.id;
  const read = item?.my_read.position ?? 0;
  useEffect(() => {
    if (!id || !isSeen || !isAtEnd || last_position <= read) return;
    const held = heldItem(cache, id);
    if (held && last_position >= held.conversation.n_messages) {
      placeItem(
        cache,
        withRead(
          held,
          {
            conversation_id: id,
            reader: { kind: "user", id: myId() },
            through: last_position,
            n_customer_messages: held.conversation.n_customer_messages,
          },
          myId(),
        ),
      );
    }
    live
      .request("read", { conversation_id: id, through: last_position })
      .catch(() => postRead(id, last_position).catch(() => undefined));
  }, [cache, id, isSeen, isAtEnd, last_position, read]);
}

function useIsSeen(): boolean {
  const look = (): boolean => document.visibilityState === "visible" && document.hasFocus();
  const [isSeen, setSeen] = useState(look);
  useEffect(() => {
    const update = (): void => setSeen(look());
    window.addEventListener("focus", update);
    window.addEventListener("blur", update);
    document.addEventListener("visibilitychange", update);
    return () => {
      window.removeEventListener("focus", update);
      window.removeEventListener("blur", update);
      document.removeEventListener("visibilitychange", update);
    };
  }, []);
  return isSeen;
}
