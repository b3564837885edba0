// Keyboard shortcuts: screens register theirs while they are shown, one listener serves them all.
import { useEffect, useRef } from "react";
import { createStore } from "@/shared/store";
import { advance, type Chord, chordOf } from "./sequence";

export interface Shortcut {
  /** `j`, `g i`, `mod+k`, `?` */
  keys: string;
  label: string;
  group: string;
  run: () => void;
  /** Also while somebody types in a field. */
  always?: boolean;
}

export const shortcuts = createStore<Shortcut[]>([]);
/** Whether the list of all keys is shown. */
export const keySheet = createStore(false);

/** Registers shortcuts while the calling component is mounted. The newest wins when two ask for the same keys. */
export function useShortcuts(list: Shortcut[]): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const shape = list.map((one) => `${one.keys}\t${one.label}\t${one.group}\t${one.always ?? false}`).join("\n");
  useEffect(() => {
    const mine =
      shape === ""
        ? []
        : shape.split("\n").map((line): Shortcut => {
            const [keys = "", label = "", group = "", always] = line.split("\t");
            return {
              keys,
              label,
              group,
              always: always === "true",
              run: () => latest.current.find((one) => one.keys === keys)?.run(),
            };
          });
    shortcuts.set((before) => [...mine, ...before]);
    return () => shortcuts.set((before) => before.filter((one) => !mine.includes(one)));
  }, [shape]);
}

/** Installs the one listener; answers how to take it away. */
export function listenToKeys(): () => void {
  let begun: { chord: Chord; at: number } | null = null;
  const hear = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || isModifier(event.key)) return;
    const chord = chordOf(event);
    const typing = isTyping(event.target);
    const step = advance(
      shortcuts.get(),
      chord,
      begun && Date.now() - begun.at < 1200 ? begun.chord : null,
      (one) => one.always || (!typing && !inOverlay(event.target) && !(one.keys === "enter" && acts(event.target))),
    );
    begun = step.begins ? { chord, at: Date.now() } : null;
    if (!step.found) return;
    event.preventDefault();
    step.found.run();
  };
  document.addEventListener("keydown", hear);
  return () => document.removeEventListener("keydown", hear);
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta";
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"))
  );
}

/** Enter on a button or a link is theirs. */
function acts(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("a, button, summary, [role=tab], [role=radio], [role=switch]") !== null
  );
}

function inOverlay(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="dialog"], [role="menu"]') !== null;
}
