// What the explorer asks the server.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { DeadPage, EventPage, EventStory, Follower, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";

const base = ["administration", "events"] as const;
export const keys = { followers: [...base, "followers"], dead: (name: string) => [...base, "dead", name] } as const;

export interface Filter {
  pattern: string;
  subject: string;
}

const asked = ({ pattern, subject }: Filter) => ({ ...(pattern && { pattern }), ...(subject && { subject }) });

/** The past, page by page: it does not change. */
export const pastQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: [...base, "past", filter],
    queryFn: ({ signal, pageParam }): Promise<EventPage> => {
      const query = { ...asked(filter), ...(pageParam !== null && { before: pageParam }), limit: 50 };
      return answer(api.GET("/api/v1/events", { signal, params: { query } })) as Promise<EventPage>;
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
    gcTime: 0,
  });

/** What happened after a place. Asked each second while somebody looks, and not while the tab is hidden. */
export const newQuery = (filter: Filter, after: number, isOn: boolean) =>
  queryOptions({
    queryKey: [...base, "new", filter, after],
    queryFn: ({ signal }): Promise<EventPage> =>
      answer(
        api.GET("/api/v1/events", { signal, params: { query: { ...asked(filter), after, limit: 100 } } }),
      ) as Promise<EventPage>,
    enabled: isOn,
    refetchInterval: 1_000,
    gcTime: 0,
  });

export const storyQuery = (seq: number) =>
  queryOptions({
    queryKey: [...base, "story", seq],
    queryFn: ({ signal }): Promise<EventStory> =>
      answer(api.GET("/api/v1/events/{seq}", { signal, params: { path: { seq } } })) as Promise<EventStory>,
  });

export const followersQuery = queryOptions({
  queryKey: keys.followers,
  queryFn: ({ signal }): Promise<Page<Follower>> => answer(api.GET("/api/v1/followers", { signal })),
  refetchInterval: 1_000,
  gcTime: 0,
});

export const deadQuery = (name: string) =>
  queryOptions({
    queryKey: keys.dead(name),
    queryFn: ({ signal }): Promise<DeadPage> =>
      answer(api.GET("/api/v1/followers/{name}/dead", { signal, params: { path: { name }, query: { limit: 100 } } })),
    refetchInterval: 2_000,
  });

const path = (name: string) => ({ params: { path: { name } } });

export const pauseFollower = (name: string): Promise<unknown> =>
  answer(api.POST("/api/v1/followers/{name}/pause", path(name)));

export const resumeFollower = (name: string): Promise<unknown> =>
  answer(api.POST("/api/v1/followers/{name}/resume", path(name)));

export const replayFollower = (name: string, body: { seq?: number; since?: string }): Promise<unknown> =>
  answer(api.POST("/api/v1/followers/{name}/replay", { ...path(name), body }));

export const retryDead = (name: string, seq: number): Promise<unknown> =>
  answer(api.POST("/api/v1/followers/{name}/dead/{seq}/retry", { params: { path: { name, seq } } }));

export const skipDead = (name: string, seq: number): Promise<unknown> =>
  answer(api.DELETE("/api/v1/followers/{name}/dead/{seq}", { params: { path: { name, seq } } }));
