// The screen and the hand before it, in our own terms.
import { useSyncExternalStore } from "react";

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** One pane at a time. */
export const useIsNarrow = (): boolean => useMedia("(max-width: 767px)");

/** Room for three panes. */
export const useIsWide = (): boolean => useMedia("(min-width: 1100px)");

/** Typed with a finger: there is no Shift to hold, so Enter makes a new line and a button sends. */
export const byFinger = (): boolean => matchMedia("(hover: none) and (pointer: coarse)").matches;

interface Press {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  isComposing: boolean;
}

/** Whether a key pressed in a composer sends what is written there. */
export function sends({ key, shiftKey, altKey, ctrlKey, metaKey, isComposing }: Press, isByFinger: boolean): boolean {
  if (key !== "Enter" || isComposing) return false;
  return ctrlKey || metaKey || !(shiftKey || altKey || isByFinger);
}
