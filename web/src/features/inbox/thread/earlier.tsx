// The messages before those on screen: they come when somebody scrolls near them, and say so when they do not come.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { fetchMessages, keys } from "../model/api";
import { join, type Stretch } from "../model/messages";

interface Earlier {
  state: "idle" | "loading" | "failed";
  load: () => void;
  /** Somebody is near the start. What has failed waits to be asked for: scrolling is no reason to try it again. */
  reach: () => void;
}

export function useEarlier(id: string, stretch: Stretch | undefined): Earlier {
  const cache = useQueryClient();
  const before = stretch?.has_earlier ? stretch.items[0]?.position : undefined;
  const { mutate, isPending, isError } = useMutation({
    mutationFn: (position: number) => fetchMessages(id, { before: position }),
    onSuccess: (page) => cache.setQueryData<Stretch>(keys.messages(id), (held) => join(held, page)),
  });
  const load = useCallback(() => {
    if (before !== undefined && !isPending) mutate(before);
  }, [before, isPending, mutate]);
  const reach = useCallback(() => {
    if (!isError) load();
  }, [isError, load]);
  return { state: isPending ? "loading" : isError ? "failed" : "idle", load, reach };
}

export function EarlierLine({ earlier: { state, load } }: { earlier: Earlier }) {
  return (
    <div className="flex h-8 items-center justify-center gap-2 text-xs text-text-3">
      {state === "loading" && "Loading earlier messages…"}
      {state === "failed" && (
        <>
          <span role="alert">Earlier messages could not be loaded.</span>
          <button type="button" onClick={load} className="rounded font-medium text-accent-text hover:underline">
            Try again
          </button>
        </>
      )}
      {state === "idle" && (
        <button type="button" onClick={load} className="rounded px-2 hover:text-text">
          Show earlier messages
        </button>
      )}
    </div>
  );
}
