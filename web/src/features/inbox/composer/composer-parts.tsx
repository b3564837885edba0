// The parts around the text: who will read it, and who else is writing.
import { Eye, Lock, SendHorizontal, StickyNote } from "lucide-react";
import { cx } from "@/shared/ui/cx";
import { Keys } from "@/shared/ui/kbd";
import type { Typist } from "../model/signals";
import type { Mode } from "./drafts";

export function ModeSwitch({ mode, turnTo, name }: { mode: Mode; turnTo: (mode: Mode) => void; name: string }) {
  return (
    <div className="flex items-center gap-1 px-2 pt-2">
      <div role="group" aria-label="What to write" className="flex gap-0.5">
        {(["reply", "note"] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={mode === one}
            onClick={() => turnTo(one)}
            className={cx(
              "h-6.5 rounded-md px-2 text-xs font-medium",
              mode === one
                ? one === "note"
                  ? "bg-note-line/50 text-note-text"
                  : "bg-accent-soft text-accent-text"
                : "text-text-3 hover:text-text",
            )}
          >
            {one === "reply" ? "Reply" : "Note"}
          </button>
        ))}
      </div>
      <span
        className={cx(
          "ml-auto flex min-w-0 items-center gap-1.5 pr-1.5 text-2xs",
          mode === "note" ? "text-note-text" : "text-text-3",
        )}
      >
        {mode === "note" ? (
          <Lock aria-hidden className="size-3 shrink-0" />
        ) : (
          <Eye aria-hidden className="size-3 shrink-0" />
        )}
        <span className="truncate">{mode === "note" ? "Only your team sees this" : `${name} will see this`}</span>
      </span>
    </div>
  );
}

export function ColleagueTyping({ typists }: { typists: Typist[] }) {
  const colleagues = typists.filter((one) => one.kind === "user");
  const names = colleagues.map((one) => one.name.split(" ")[0]).join(" and ");
  return (
    <div role="status" aria-live="polite">
      {colleagues.length > 0 && (
        <p className="mb-1.5 flex items-center gap-2 px-1.5 text-xs text-amber animate-fade">
          <span aria-hidden className="size-1.5 animate-breathe rounded-full bg-amber-dot" />
          {names} {colleagues.length === 1 ? "is" : "are"} writing an answer too.
        </p>
      )}
    </div>
  );
}

interface FootProps {
  mode: Mode;
  n_over: number;
  isBlank: boolean;
  post: () => void;
}

export function Foot({ mode, n_over, isBlank, post }: FootProps) {
  const Icon = mode === "note" ? StickyNote : SendHorizontal;
  return (
    <div className="ml-auto flex shrink-0 items-center gap-3">
      {n_over > 0 ? (
        <span role="alert" className="nums text-xs text-red">
          {n_over} characters too many
        </span>
      ) : (
        <span className="hidden items-center gap-1 text-2xs text-text-3 @lg:flex [@media(hover:none)]:hidden">
          <Keys keys="enter" /> sends, <Keys keys="shift+enter" /> new line
        </span>
      )}
      <button
        type="button"
        onClick={post}
        disabled={isBlank || n_over > 0}
        className={cx(
          "inline-flex h-7.5 shrink-0 items-center gap-1.5 rounded-md px-3 text-sm",
          "font-medium transition-opacity duration-100 disabled:opacity-45",
          mode === "note" ? "bg-note-text text-note" : "bg-accent text-on-accent hover:bg-accent-hover",
        )}
      >
        {mode === "note" ? "Add note" : "Send"}
        <Icon aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
