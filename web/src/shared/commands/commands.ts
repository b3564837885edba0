// What the command palette can find. Modules bring sources; screens add actions on what they show.
import type { LucideIcon } from "lucide-react";
import { useEffect, useRef } from "react";
import { createStore } from "@/shared/store";

export interface Command {
  id: string;
  label: string;
  group: "Actions" | "Pages" | "Conversations" | "People";
  icon?: LucideIcon;
  hint?: string;
  keys?: string;
  words?: string;
  run: () => void;
}

/** Finds commands for what was typed; asked anew with each change of the text. */
export type CommandSource = (query: string, signal: AbortSignal) => Promise<Command[]>;

export const palette = createStore<{ open: boolean; text: string }>({ open: false, text: "" });
export const screenCommands = createStore<Command[]>([]);

export function openPalette(text = ""): void {
  palette.set({ open: true, text });
}

/** Offers actions on what is on the screen now, for as long as it is there. */
export function useCommands(list: Command[]): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const ids = list.map((one) => `${one.id}:${one.label}`).join("\n");
  useEffect(() => {
    const mine = latest.current.map((one) => ({
      ...one,
      run: () => latest.current.find((two) => two.id === one.id)?.run(),
    }));
    screenCommands.set((before) => [...before, ...mine]);
    return () => screenCommands.set((before) => before.filter((one) => !mine.includes(one)));
  }, [ids]);
}
