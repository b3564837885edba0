// Who of the team is typing. It fades by itself when nothing repeats it.
import type { State } from "./state";

const HOLDS_MS = 6_500;

export class Typing {
  private readonly ends = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly state: State) {}

  /** Null when they have paused, or have written. */
  hear(id: string, name: string | null): void {
    clearTimeout(this.ends.get(id));
    const others = Object.entries(this.state.get().typing).filter(([one]) => one !== id);
    this.state.put({ typing: Object.fromEntries(name ? [...others, [id, name]] : others) });
    if (name)
      this.ends.set(
        id,
        setTimeout(() => this.hear(id, null), HOLDS_MS),
      );
  }
}
