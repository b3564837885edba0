// How features listen: `on({ "message.posted": (change, cache) => ... })`. The app joins all of them into one table.
import type { QueryClient } from "@tanstack/react-query";
import type { LiveFrames } from "@/contract/events";

export type LiveHandlers = { [Type in keyof LiveFrames]?: (data: LiveFrames[Type], cache: QueryClient) => void };

export function on(handlers: LiveHandlers): LiveHandlers {
  return handlers;
}

/** One function that hands each frame to everyone who listens for its type. */
export function dispatcher(all: LiveHandlers[], cache: QueryClient): (type: string, data: unknown) => void {
  function hand<Type extends keyof LiveFrames>(type: Type, data: LiveFrames[Type]): void {
    for (const handlers of all) {
      if (!Object.hasOwn(handlers, type)) continue;
      try {
        handlers[type]?.(data, cache);
      } catch (error) {
        // One listener's fault must not silence the others.
        console.error(`live handler for ${type} failed`, error);
      }
    }
  }
  // What a frame of some type carries is the contract's word, and the server's test keeps it.
  return (type, data) => hand(type as keyof LiveFrames, data as LiveFrames[keyof LiveFrames]);
}
