// How something is, as a dot and a word: never by colour alone.
import { cx } from "@/shared/ui/cx";

export type Tone = "good" | "warn" | "bad" | "quiet";

const tones: Record<Tone, string> = {
  good: "bg-green-dot",
  warn: "bg-amber-dot",
  bad: "bg-red-dot",
  quiet: "bg-line-strong",
};

export function StateWord({ word, tone }: { word: string; tone: Tone }) {
  return (
    <span className={cx("inline-flex items-center gap-2 whitespace-nowrap", tone === "bad" && "font-medium text-red")}>
      <span aria-hidden className={cx("size-2 shrink-0 rounded-full", tones[tone])} />
      {word}
    </span>
  );
}
