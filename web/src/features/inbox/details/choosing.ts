// Which choice a key has asked for.
import { createStore } from "@/shared/store";

export type Choosing = { what: "assign" | "snooze" | "priority" | "labels" | "time"; conversation_id: string } | null;

export const choosing = createStore<Choosing>(null);

export function askFor(what: "assign" | "snooze" | "priority" | "labels", conversation_id: string): void {
  choosing.set({ what, conversation_id });
}

export function askSnooze(conversation_id: string): void {
  // After the menu that asked has closed and given the focus back.
  setTimeout(() => choosing.set({ what: "time", conversation_id }), 0);
}
