// Save as you go: a change shows at once, is sent after a short pause, and can be undone.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Channel, UpdateChannel } from "@/contract";
import { toast, toastProblem } from "@/shared/ui/toast";
import { updateChannel, usePutChannel } from "./api";
import { isFine } from "./wrong";

const PAUSE_MS = 700;

/** `wrong`: what stands in the form cannot be saved as it is. */
export type SaveState = "saved" | "waiting" | "saving" | "wrong";

interface Saved {
  state: SaveState;
  change: (next: Channel) => void;
  /** Sends at once, for switches. */
  changeNow: (next: Channel) => void;
}

export function useSaved(channel: Channel): Saved {
  const put = usePutChannel();
  const [state, setState] = useState<SaveState>("saved");
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const before = useRef<Channel | null>(null);
  const wanted = useRef<Channel>(channel);
  const write = useRef(put);
  useEffect(() => {
    write.current = put;
  });

  const flush = useCallback(async () => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
    const was = before.current;
    const next = wanted.current;
    if (was && !isFine(next)) return setState("wrong");
    before.current = null;
    if (!was || JSON.stringify(was) === JSON.stringify(next)) return setState("saved");
    setState("saving");
    try {
      const answer = await updateChannel(next.id, differenceOf(was, next));
      if (!before.current) write.current(answer);
      toast(`${next.name} saved`, () => {
        write.current(was);
        updateChannel(was.id, differenceOf(next, was)).then(
          (back) => write.current(back),
          (error: unknown) => toastProblem(error, "It was not changed back."),
        );
      });
    } catch (error) {
      if (!before.current) write.current(was);
      toastProblem(error, "The change was not saved.");
    }
    setState(before.current ? "waiting" : "saved");
  }, []);

  const change = useCallback(
    (next: Channel) => {
      before.current ??= channel;
      wanted.current = next;
      write.current(next);
      setState(isFine(next) ? "waiting" : "wrong");
      if (timer.current) clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), PAUSE_MS);
    },
    [channel, flush],
  );

  const changeNow = useCallback(
    (next: Channel) => {
      change(next);
      void flush();
    },
    [change, flush],
  );

  // Leaving the page must not lose the last words, nor keep on screen what was never saved.
  useEffect(
    () => () => {
      const was = before.current;
      if (was && !isFine(wanted.current)) write.current(was);
      else void flush();
    },
    [flush],
  );
  return { state, change, changeNow };
}

/** Only what changed is sent, so that two people on one page do not undo each other. */
export function differenceOf(before: Channel, after: Channel): UpdateChannel {
  return {
    ...(before.name === after.name ? {} : { name: after.name }),
    ...(before.enabled === after.enabled ? {} : { enabled: after.enabled }),
    ...(JSON.stringify(before.settings) === JSON.stringify(after.settings) ? {} : { settings: after.settings }),
  };
}
