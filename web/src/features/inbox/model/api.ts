// Everything the inbox asks the server.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Channel, Change, Counts, InboxItem, MessagePage, Page, Priority, Status } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { newerItem } from "./conversation";
import type { ListFilter } from "./filter";
import { join, type Stretch } from "./messages";

const PAGE = 50;

export const keys = {
  lists: ["inbox", "list"] as const,
  list: (filter: ListFilter) => ["inbox", "list", filter] as const,
  conversations: ["inbox", "conversation"] as const,
  conversation: (id: string) => ["inbox", "conversation", id] as const,
  messages: (id: string) => ["inbox", "messages", id] as const,
  counts: ["inbox", "counts"] as const,
  channels: ["inbox", "channels"] as const,
  labels: ["inbox", "labels"] as const,
};

export const listQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: keys.list(filter),
    queryFn: ({ pageParam, signal }): Promise<Page<InboxItem>> =>
      answer(
        api.GET("/api/v1/inbox/conversations", {
          params: { query: { ...filter, limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 60_000,
  });

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: keys.conversation(id),
    queryFn: async ({ signal, client }): Promise<InboxItem> => {
      const item = await answer(api.GET("/api/v1/inbox/conversations/{id}", { params: { path: { id } }, signal }));
      // A live change may have come while we asked.
      return newerItem(client.getQueryData<InboxItem>(keys.conversation(id)), item);
    },
    staleTime: 60_000,
  });

export const messagesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.messages(id),
    queryFn: async ({ signal, client }): Promise<Stretch> => {
      const page = await fetchMessages(id, {}, signal);
      return join(client.getQueryData<Stretch>(keys.messages(id)), page);
    },
    staleTime: 60_000,
  });

export function fetchMessages(
  id: string,
  range: { before?: number; after?: number },
  signal?: AbortSignal,
): Promise<MessagePage> {
  return answer(
    api.GET("/api/v1/inbox/conversations/{id}/messages", {
      params: { path: { id }, query: { ...range, limit: PAGE } },
      ...(signal ? { signal } : {}),
    }),
  );
}

export const countsQuery = queryOptions({
  queryKey: keys.counts,
  queryFn: ({ signal }): Promise<Counts> => answer(api.GET("/api/v1/inbox/counts", { signal })),
  staleTime: 60_000,
});

export const channelsQuery = queryOptions({
  queryKey: keys.channels,
  queryFn: ({ signal }): Promise<Page<Channel>> => answer(api.GET("/api/v1/inbox/channels", { signal })),
  staleTime: 5 * 60_000,
});

export const putStatus = (id: string, status: Status, until: string | null): Promise<Change> =>
  answer(api.PUT("/api/v1/inbox/conversations/{id}/status", { params: { path: { id } }, body: { status, until } }));

export const putAssignee = (id: string, assignee_id: string | null): Promise<Change> =>
  answer(api.PUT("/api/v1/inbox/conversations/{id}/assignee", { params: { path: { id } }, body: { assignee_id } }));

export const putPriority = (id: string, priority: Priority): Promise<Change> =>
  answer(api.PUT("/api/v1/inbox/conversations/{id}/priority", { params: { path: { id } }, body: { priority } }));

export const postRead = (id: string, through: number): Promise<unknown> =>
  answer(api.POST("/api/v1/inbox/conversations/{id}/read", { params: { path: { id } }, body: { through } }));

export const putLabels = (id: string, label_ids: string[]): Promise<Change> =>
  answer(api.PUT("/api/v1/inbox/conversations/{id}/labels", { params: { path: { id } }, body: { label_ids } }));
