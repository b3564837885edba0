// Tells colleagues which conversation is in front of us, again after each reconnect.
import { useEffect } from "react";
import { live } from "@/shared/live/live";

export function useTellViewing(conversation_id: string): void {
  useEffect(() => {
    const say = (): void => {
      if (live.isLive)
        live.tell("viewing", { conversation_id: document.visibilityState === "visible" ? conversation_id : null });
    };
    say();
    const unwatch = live.connection.subscribe(say);
    document.addEventListener("visibilitychange", say);
    return () => {
      unwatch();
      document.removeEventListener("visibilitychange", say);
      live.tell("viewing", { conversation_id: null });
    };
  }, [conversation_id]);
}
