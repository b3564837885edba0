import { queryOptions } from "@tanstack/react-query";
import type { ActorTree } from "@/contract";
import { answer, api } from "@/shared/api/client";

/** Asked each second while it is looked at, and not while the tab is hidden. */
export const actorsQuery = queryOptions({
  queryKey: ["administration", "actors"],
  queryFn: ({ signal }): Promise<ActorTree> => answer(api.GET("/api/v1/live/actors", { signal })),
  refetchInterval: 1_000,
  refetchIntervalInBackground: false,
  gcTime: 0,
});
