// A label as it is seen: a chip with its name, or a dot where there is no room.
import { X } from "lucide-react";
import type { Label, LabelColor } from "@/contract";
import { cx } from "@/shared/ui/cx";
import { chipStyle, dotStyle } from "./colors";

export function LabelDot({ color, className }: { color: LabelColor; className?: string }) {
  return (
    <span aria-hidden style={dotStyle(color)} className={cx("inline-block size-2 shrink-0 rounded-full", className)} />
  );
}

export function LabelChip({ label, remove, className }: { label: Label; remove?: () => void; className?: string }) {
  return (
    <span
      title={label.name}
      style={chipStyle(label.color)}
      className={cx("inline-flex h-5 min-w-0 items-center rounded px-1.5 text-2xs font-medium", className)}
    >
      <span className="truncate">{label.name}</span>
      {remove && (
        <button
          type="button"
          aria-label={`Remove ${label.name}`}
          onClick={remove}
          // Small to the eye, large enough for a finger.
          className="relative -mr-1 ml-0.5 flex size-4 items-center justify-center after:absolute after:-inset-1"
        >
          <X aria-hidden className="size-3" />
        </button>
      )}
    </span>
  );
}

/** In a row of the list: the first by name, the others as dots. */
export function RowLabels({ labels }: { labels: Label[] }) {
  const [first, ...others] = labels;
  if (!first) return null;
  return (
    <span className="flex max-w-[45%] shrink-0 items-center gap-1">
      <span className="sr-only">Labels: {labels.map((one) => one.name).join(", ")}</span>
      <span aria-hidden className="flex min-w-0">
        <LabelChip label={first} className="h-4.5" />
      </span>
      {others.slice(0, 3).map((one) => (
        <span key={one.id} title={one.name} className="flex">
          <LabelDot color={one.color} />
        </span>
      ))}
    </span>
  );
}
