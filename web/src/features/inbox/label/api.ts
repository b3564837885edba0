// What labels ask the server.
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Label, NewLabel, Page, UpdateLabel } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { useMay } from "@/shared/session/session";
import { keys } from "../model/api";

export const labelsQuery = queryOptions({
  queryKey: keys.labels,
  queryFn: ({ signal }): Promise<Page<Label>> => answer(api.GET("/api/v1/inbox/labels", { signal })),
  // By name, also those that came by events.
  select: ({ items }): Label[] => items.toSorted((a, b) => a.name.localeCompare(b.name)),
  staleTime: 5 * 60_000,
});

const none: Label[] = [];

export function useLabels(): Label[] {
  const enabled = useMay("conversations.read");
  return useQuery({ ...labelsQuery, enabled }).data ?? none;
}

export const createLabel = (body: NewLabel): Promise<Label> => answer(api.POST("/api/v1/inbox/labels", { body }));

export const updateLabel = (id: string, body: UpdateLabel): Promise<Label> =>
  answer(api.PATCH("/api/v1/inbox/labels/{id}", { params: { path: { id } }, body }));

export const deleteLabel = (id: string): Promise<unknown> =>
  answer(api.DELETE("/api/v1/inbox/labels/{id}", { params: { path: { id } } }));
