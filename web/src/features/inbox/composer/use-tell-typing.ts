// Tells the others that somebody types: at most every four seconds, and that it ended.
import { useCallback, useEffect, useRef } from "react";
import { live } from "@/shared/live/live";

const REPEAT_MS = 4_000;
const IDLE_MS = 6_000;

export function useTellTyping(conversation_id: string): (on: boolean) => void {
  const told_at = useRef(0);
  const idle = useRef<ReturnType<typeof setTimeout> | null>(null);

  const tell = useCallback(
    (on: boolean) => {
      if (idle.current) clearTimeout(idle.current);
      idle.current = null;
      if (!on && told_at.current === 0) return;
      if (on) idle.current = setTimeout(() => tell(false), IDLE_MS);
      if (on && Date.now() - told_at.current < REPEAT_MS) return;
      told_at.current = on ? Date.now() : 0;
      live.tell("typing", { conversation_id, on });
    },
    [conversation_id],
  );

  useEffect(() => () => tell(false), [tell]);
  return tell;
}
