// Who is here and who is typing. Passing knowledge: it fades by itself when no signal repeats it.
import { createStore, useStore } from "@/shared/store";
import { myId } from "./cache";

export interface Typist {
  kind: "user" | "contact" | "system";
  id: string | null;
  name: string;
  until: number;
}

const HOLDS_MS = 6_500;

const typing = createStore<Record<string, Typist[]>>({});
const viewing = createStore<Record<string, string[]>>({});
let sweep: ReturnType<typeof setInterval> | null = null;

export function setTyping(conversation_id: string, who: Omit<Typist, "until">, on: boolean): void {
  if (who.id === myId()) return;
  typing.set((before) => {
    const others = (before[conversation_id] ?? []).filter((one) => one.id !== who.id);
    return { ...before, [conversation_id]: on ? [...others, { ...who, until: Date.now() + HOLDS_MS }] : others };
  });
  sweep ??= setInterval(fade, 1_000);
}

/** Their message has arrived, so they are no longer typing it. */
export function stopTyping(conversation_id: string, author_id: string | null): void {
  if (author_id && typing.get()[conversation_id]?.length)
    setTyping(conversation_id, { kind: "contact", id: author_id, name: "" }, false);
}

export function setViewing(conversation_id: string, users: string[]): void {
  viewing.set((before) => ({ ...before, [conversation_id]: users.filter((id) => id !== myId()) }));
}

export function forgetSignals(): void {
  typing.set({});
  viewing.set({});
}

function fade(): void {
  const now = Date.now();
  typing.set((before) => {
    const left = Object.entries(before)
      .map(([id, all]) => [id, all.filter((one) => one.until > now)] as const)
      .filter(([, all]) => all.length > 0);
    if (left.length === 0 && sweep) {
      clearInterval(sweep);
      sweep = null;
    }
    const changed =
      left.length !== Object.keys(before).length || left.some(([id, all]) => all.length !== before[id]?.length);
    return changed ? Object.fromEntries(left) : before;
  });
}

const none: never[] = [];

export function useTyping(conversation_id: string): Typist[] {
  return useStore(typing, (all) => all[conversation_id] ?? none);
}

export function useViewing(conversation_id: string): string[] {
  return useStore(viewing, (all) => all[conversation_id] ?? none);
}
