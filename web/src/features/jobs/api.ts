// The lists of jobs, as the server has them.
import { queryOptions } from "@tanstack/react-query";
import type { Job, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";

/** `mine` is what the tray shows; `all` is everyone's. */
export type View = "mine" | "all";

const LIMITS: Record<View, number> = { mine: 20, all: 100 };

export const keys = {
  list: (view: View) => ["jobs", "list", view] as const,
  detail: (id: string) => ["jobs", "detail", id] as const,
};

export const jobsQuery = (view: View) =>
  queryOptions({
    queryKey: keys.list(view),
    queryFn: ({ signal }): Promise<Page<Job>> =>
      answer(api.GET("/api/v1/jobs", { params: { query: { view, limit: LIMITS[view] } }, signal })),
    staleTime: 60_000,
  });
