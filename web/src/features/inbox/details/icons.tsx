// Small pictures of states and priorities; each has its word for those who cannot see it.
import { CircleCheck, CircleDashed, CirclePause, Inbox, type LucideIcon } from "lucide-react";
import type { Priority, Status } from "@/contract";
import { cx } from "@/shared/ui/cx";
import { priorityNames } from "../model/words";

const statusIcons: Record<Status, LucideIcon> = {
  open: Inbox,
  snoozed: CirclePause,
  pending: CircleDashed,
  resolved: CircleCheck,
};
const statusColors: Record<Status, string> = {
  open: "text-accent-text",
  snoozed: "text-amber",
  pending: "text-text-3",
  resolved: "text-green",
};

export function StatusIcon({ status, className }: { status: Status; className?: string }) {
  const Icon = statusIcons[status];
  return <Icon aria-hidden className={cx("size-4", statusColors[status], className)} />;
}

const bars: Record<Priority, number> = { none: 0, low: 1, normal: 2, high: 3, urgent: 3 };

/** Three bars, or an exclamation. `quiet` shows only what should draw the eye. */
export function PriorityIcon({ priority, quiet = false }: { priority: Priority; quiet?: boolean }) {
  if (quiet && priority !== "high" && priority !== "urgent") return null;
  const label = quiet ? priorityNames[priority] : undefined;
  if (priority === "urgent") {
    return (
      <span
        role={label ? "img" : undefined}
        aria-label={label}
        aria-hidden={!label}
        title={label}
        className={cx(
          "inline-flex size-3.5 shrink-0 items-center justify-center self-center",
          "rounded-[4px] bg-red-dot text-[10px] leading-none font-bold text-white",
        )}
      >
        !
      </span>
    );
  }
  return (
    <svg
      viewBox="0 0 14 14"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={!label}
      className={cx("size-3.5 shrink-0 self-center", priority === "high" ? "text-amber" : "text-text-3")}
    >
      {[0, 1, 2].map((index) => (
        <rect
          key={index}
          x={1 + index * 4.5}
          y={9 - index * 3.5}
          width="3"
          height={4 + index * 3.5}
          rx="1"
          fill="currentColor"
          opacity={index < bars[priority] ? 1 : 0.28}
        />
      ))}
    </svg>
  );
}
