// Keeps the reader's place: at the newest while they are there, at their line while earlier ones are put above it.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR_END = 48;
const NEAR_START = 320;

interface ThreadScroll {
  frame: RefObject<HTMLDivElement | null>;
  isAtEnd: boolean;
  toEnd: (smooth?: boolean) => void;
  onScroll: () => void;
}

interface Watched {
  isReady: boolean;
  first: number;
  /** Changes whenever the content does. */
  content: unknown;
  nearStart: () => void;
}

export function useThreadScroll({ isReady, first, content, nearStart }: Watched): ThreadScroll {
  const frame = useRef<HTMLDivElement>(null);
  const held = useRef({ isPlaced: false, first: 0, fromEnd: 0, isAtEnd: true });
  const [isAtEnd, setAtEnd] = useState(true);

  const note = useCallback(() => {
    const box = frame.current;
    if (!box) return;
    held.current.fromEnd = box.scrollHeight - box.scrollTop;
    held.current.isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    setAtEnd(held.current.isAtEnd);
  }, []);

  const toEnd = useCallback((smooth = false) => {
    const box = frame.current;
    if (!box) return;
    box.scrollTo({
      top: box.scrollHeight,
      behavior: smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant",
    });
  }, []);

  useLayoutEffect(() => {
    const box = frame.current;
    if (!box || !isReady) return;
    if (!held.current.isPlaced) {
      const mark = box.querySelector<HTMLElement>("#unread");
      box.scrollTop = mark ? mark.offsetTop - 72 : box.scrollHeight;
      held.current.isPlaced = true;
    } else if (first < held.current.first) {
      box.scrollTop = box.scrollHeight - held.current.fromEnd;
    } else if (held.current.isAtEnd) {
      box.scrollTop = box.scrollHeight;
    }
    held.current.first = first;
    note();
  }, [isReady, first, content, note]);

  // The composer grows, a window is resized, a font arrives: whoever is at the end stays there.
  useEffect(() => {
    const box = frame.current;
    const inner = box?.firstElementChild;
    if (!box || !inner || typeof ResizeObserver === "undefined") return;
    const watch = new ResizeObserver(() => {
      if (held.current.isPlaced && held.current.isAtEnd) box.scrollTop = box.scrollHeight;
    });
    watch.observe(box);
    watch.observe(inner);
    return () => watch.disconnect();
  }, [isReady]);

  const onScroll = useCallback(() => {
    note();
    if (held.current.isPlaced && (frame.current?.scrollTop ?? NEAR_START) < NEAR_START) nearStart();
  }, [note, nearStart]);

  return { frame, isAtEnd, toEnd, onScroll };
}
