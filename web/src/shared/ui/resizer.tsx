import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { cx } from "./cx";

interface ResizerProps {
  label: string;
  width: number;
  min: number;
  max: number;
  /** The pane that grows is before (`left`) or after (`right`) the handle. */
  side: "left" | "right";
  onChange: (width: number) => void;
}

/** The line between two panes; drag it or move it with the arrow keys. */
export function Resizer({ label, width, min, max, side, onChange }: ResizerProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const fit = (value: number): number => Math.round(Math.min(max, Math.max(min, value)));
  const sign = side === "left" ? 1 : -1;

  const move = (event: PointerEvent): void => {
    if (start.current) onChange(fit(start.current.width + (event.clientX - start.current.x) * sign));
  };
  const press = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    onChange(fit(width + step * sign));
  };

  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={press}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      className="group relative z-10 w-px shrink-0 cursor-col-resize touch-none bg-line outline-none"
    >
      <span className="absolute inset-y-0 -left-1 w-2" />
      <span
        className={cx(
          "absolute inset-y-0 -left-px w-[3px] bg-accent opacity-0 transition-opacity duration-150",
          "group-hover:opacity-60 group-focus-visible:opacity-100 group-active:opacity-100",
        )}
      />
    </div>
  );
}
