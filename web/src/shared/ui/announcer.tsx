// Says aloud, for those who do not see the screen, what happened elsewhere.
import { createStore, useStore } from "@/shared/store";

const words = createStore("");

export function announce(text: string): void {
  words.set("");
  setTimeout(() => words.set(text), 50);
}

export function Announcer() {
  const text = useStore(words);
  return (
    <div role="log" aria-live="polite" aria-label="Announcements" className="sr-only">
      {text}
    </div>
  );
}
