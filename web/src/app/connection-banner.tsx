// One line that says when the screen is not live, and what that means.
import { CloudOff, RotateCw } from "lucide-react";
import { useConnection } from "@/shared/live/live";
import { useDelayed } from "@/shared/ui/states";
import { cx } from "@/shared/ui/cx";

export function ConnectionBanner() {
  const { state } = useConnection();
  const isLost = state === "reconnecting" || state === "offline";
  // A short break heals by itself; only a longer one is worth a word.
  const isLong = useDelayed(isLost, 1500);
  return (
    <div role="status" aria-live="polite">
      {isLong && (
        <div
          className={cx(
            "flex min-h-8 items-center justify-center gap-2 border-b border-note-line",
            "bg-note px-4 py-1 text-center text-xs font-medium text-note-text",
          )}
        >
          {state === "offline" ? (
            <CloudOff aria-hidden className="size-3.5 shrink-0" />
          ) : (
            <RotateCw aria-hidden className="size-3.5 shrink-0 animate-spin" />
          )}
          {state === "offline"
            ? "You are offline. What you write is kept and sent when you are back."
            : "Reconnecting… What you write is kept and sent as soon as we are back."}
        </div>
      )}
    </div>
  );
}
