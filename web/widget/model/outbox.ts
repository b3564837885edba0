// Messages on their way. Each has its own key and its own place in storage, so that a reload or a second tab
// loses none, and one that arrives twice is stored once.
import { newKey } from "@/shared/key";
import { createStore } from "@/shared/store";
import type { Memory } from "../memory";

export interface Outgoing {
  key: string;
  /** The conversation's id, or for one that is not begun yet a name that `isNew` knows. */
  thread: string;
  text: string;
  at: string;
  /** The customer who was vouched for when it was written; nobody else may send it. */
  owner: string | null;
  failed: string | null;
}

const PLACE = "out.";

export class Outbox {
  readonly items = createStore<Outgoing[]>([]);

  constructor(private readonly memory: Memory) {
    const found = memory.names(PLACE).map((name) => memory.get<Outgoing>(name));
    this.items.set(found.filter((one) => one !== null).sort((a, b) => a.at.localeCompare(b.at)));
  }

  add(thread: string, text: string, owner: string | null): void {
    const outgoing = { key: newKey(), thread, text, at: new Date().toISOString(), owner, failed: null };
    this.memory.set(PLACE + outgoing.key, outgoing);
    this.items.set((all) => [...all, outgoing]);
  }

  next(): Outgoing | undefined {
    return this.items.get().find((one) => one.failed === null);
  }

  has(key: string): boolean {
    return this.items.get().some((one) => one.key === key);
  }

  remove(key: string): void {
    this.memory.remove(PLACE + key);
    this.items.set((all) => all.filter((one) => one.key !== key));
  }

  /** Changes those that `which` picks. */
  change(which: (one: Outgoing) => boolean, change: Partial<Outgoing>): void {
    this.items.set((all) =>
      all.map((one) => {
        if (!which(one)) return one;
        const after = { ...one, ...change };
        this.memory.set(PLACE + one.key, after);
        return after;
      }),
    );
  }

  /** Someone else is here now: what the one before them did not get sent is not theirs to send. */
  keepFor(owner: string | null): void {
    for (const one of this.items.get()) if (one.owner !== null && one.owner !== owner) this.remove(one.key);
  }
}

export function newThread(): string {
  return `new:${newKey()}`;
}

export function isNew(thread: string): boolean {
  return thread.startsWith("new:");
}

/** Where what is being written in a thread is remembered. */
export function draftPlace(thread: string): string {
  return `draft.${isNew(thread) ? "new" : thread}`;
}
