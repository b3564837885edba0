import { type RefObject, useEffect, useLayoutEffect } from "react";

/** As tall as its text, up to 40% of the screen. */
export function useGrowing(box: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    if (text) area.style.height = `${area.scrollHeight}px`;
  }, [box, text]);
  useEffect(() => {
    const fit = (): void => {
      const area = box.current;
      if (area && area.value) area.style.height = `${area.scrollHeight}px`;
    };
    window.addEventListener("resize", fit);
    return () => window.removeEventListener("resize", fit);
  }, [box]);
}
