// The width of the screen in the app's own terms.
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
