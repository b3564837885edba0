// Tells the team whether somebody sits here: away after five quiet minutes, and again after each reconnect.
import { useEffect } from "react";
import { live } from "@/shared/live/live";

const QUIET_MS = 5 * 60_000;

export function usePresence(): void {
  useEffect(() => {
    let state: "online" | "away" = "online";
    let moved_at = Date.now();
    const say = (next: "online" | "away"): void => {
      if (next !== state) live.tell("presence", { state: next });
      state = next;
    };
    const moved = (): void => {
      moved_at = Date.now();
      say("online");
    };
    const check = setInterval(() => Date.now() - moved_at > QUIET_MS && say("away"), 15_000);
    const unwatch = live.connection.subscribe(() => live.isLive && live.tell("presence", { state }));
    if (live.isLive) live.tell("presence", { state });
    for (const type of ["pointermove", "keydown", "focus"]) window.addEventListener(type, moved, { passive: true });
    return () => {
      clearInterval(check);
      unwatch();
      for (const type of ["pointermove", "keydown", "focus"]) window.removeEventListener(type, moved);
    };
  }, []);
}
