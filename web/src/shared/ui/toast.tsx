// Short words at the bottom of the screen: what was done, with Undo when it can be undone.
import { Toast as Radix } from "radix-ui";
import { createStore, useStore } from "@/shared/store";
import { sayProblem } from "@/shared/api/problem";
import { cx } from "./cx";
import { Keys } from "./kbd";

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "problem";
  undo?: () => void;
}

const toasts = createStore<Toast[]>([]);
let last_id = 0;

export function toast(text: string, undo?: () => void): void {
  show({ id: ++last_id, text, tone: "plain", ...(undo ? { undo } : {}) });
}

export function toastProblem(error: unknown, before?: string): void {
  show({ id: ++last_id, text: [before, sayProblem(error)].filter(Boolean).join(" "), tone: "problem" });
}

/** Takes back the newest thing that can be taken back. */
export function undoNewest(): boolean {
  const newest = toasts.get().findLast((one) => one.undo);
  if (!newest) return false;
  newest.undo?.();
  dismiss(newest.id);
  return true;
}

/** Whoever comes next neither reads nor takes back what was done before them. */
export function clearToasts(): void {
  toasts.set([]);
}

function show(next: Toast): void {
  toasts.set((before) => [...before.slice(-2), next]);
}

function dismiss(id: number): void {
  toasts.set((before) => before.filter((one) => one.id !== id));
}

export function Toasts() {
  const all = useStore(toasts);
  return (
    <Radix.Provider swipeDirection="right" duration={6000} label="Notice">
      {all.map((one) => (
        <Radix.Root
          key={one.id}
          onOpenChange={(open) => !open && dismiss(one.id)}
          className={cx(
            "flex items-center gap-3 rounded-lg bg-text py-2 pr-2 pl-3.5 text-sm text-surface shadow-float animate-in",
            one.tone === "problem" && "border-l-4 border-l-red-dot",
          )}
        >
          <Radix.Description className="max-w-80 py-0.5">{one.text}</Radix.Description>
          {one.undo ? (
            <Radix.Action
              altText="Undo (Z)"
              onClick={one.undo}
              className="flex items-center gap-2 rounded-md px-2 py-1 font-medium hover:bg-surface/15"
            >
              Undo <Keys keys="z" inverse />
            </Radix.Action>
          ) : (
            <Radix.Close className="rounded-md px-2 py-1 font-medium opacity-80 hover:bg-surface/15">
              Dismiss
            </Radix.Close>
          )}
        </Radix.Root>
      ))}
      <Radix.Viewport
        className={cx(
          "fixed top-14 right-4 left-4 z-50 flex flex-col items-center gap-2",
          "outline-none md:top-auto md:bottom-4 md:left-auto md:items-end",
        )}
      />
    </Radix.Provider>
  );
}
