import { cx } from "./cx";

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

const names: Record<string, string> = {
  mod: isMac ? "⌘" : "Ctrl",
  enter: "↵",
  shift: "⇧",
  escape: "Esc",
  up: "↑",
  down: "↓",
};

/** Shows a shortcut such as `g i` or `mod+k`. */
export function Keys({ keys, inverse = false }: { keys: string; inverse?: boolean }) {
  return (
    <span aria-hidden className="inline-flex items-center gap-1">
      {keys.split(" ").map((step, index) => (
        <span key={index} className="inline-flex items-center gap-0.5">
          {step.split("+").map((key) => (
            <kbd
              key={key}
              className={cx(
                "inline-flex h-[18px] min-w-[18px] items-center justify-center",
                "rounded px-1 font-sans text-[11px] leading-none",
                inverse ? "bg-surface/20 text-surface" : "border border-line bg-canvas text-text-2",
              )}
            >
              {names[key] ?? key.toUpperCase()}
            </kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
