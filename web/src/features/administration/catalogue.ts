// Everything that can happen, as the server knows it.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { EventType, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { useMay } from "@/shared/session/session";

export const typesQuery = queryOptions({
  queryKey: ["administration", "event types"],
  queryFn: ({ signal }): Promise<Page<EventType>> => answer(api.GET("/api/v1/events/types", { signal })),
  staleTime: Infinity,
});

const none: EventType[] = [];

/** Nothing for those who may not look at the log. */
export function useEventTypes(): EventType[] {
  const enabled = useMay("events.read");
  return useQuery({ ...typesQuery, enabled }).data?.items ?? none;
}
