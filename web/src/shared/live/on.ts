// How features listen: `on({ "message.posted": (change, cache) => ... })`. The app joins all of them into one table.
import type { QueryClient } from "@tanstack/react-query";
import type { LiveFrames } from "@/contract/events";

export type LiveHandlers = { [Type in keyof LiveFrames]?: (data: LiveFrames[Type], cache: QueryClient) => void };

export function on(handlers: LiveHandlers): LiveHandlers {
  return handlers;
}

/** One function that hands each frame to everyone who listens for its type. */
export function dispatcher(all: LiveHandlers[], cache: QueryClient): (type: string, data: unknown) => void {
  const table = new Map<string, ((data: never, cache: QueryClient) => void)[]>();
  for (const handlers of all) {
    for (const [type, handler] of Object.entries(handlers))
      table.set(type, [...(table.get(type) ?? []), handler as (data: never, cache: QueryClient) => void]);
  }
  return (type, data) => {
    for (const handler of table.get(type) ?? []) {
      try {
        handler(data as never, cache);
      } catch (error) {
        // One listener's fault must not silence the others.
        console.error(`live handler for ${type} failed`, error);
      }
    }
  };
}
