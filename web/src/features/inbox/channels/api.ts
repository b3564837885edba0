// What the channel settings ask the server.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Channel, ChannelSecret, NewChannel, Page, Snippet, UpdateChannel } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { withItem } from "@/shared/api/page";
import { keys } from "../model/api";

export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.channels, id],
    queryFn: ({ signal }): Promise<Channel> =>
      answer(api.GET("/api/v1/inbox/channels/{id}", { params: { path: { id } }, signal })),
  });

export const snippetQuery = (channel: Channel) =>
  queryOptions({
    queryKey: [...keys.channels, channel.id, "snippet", channel.key],
    queryFn: ({ signal }): Promise<Snippet> =>
      answer(api.GET("/api/v1/inbox/channels/{id}/snippet", { params: { path: { id: channel.id } }, signal })),
  });

export const fetchSecret = (id: string): Promise<ChannelSecret> =>
  answer(api.GET("/api/v1/inbox/channels/{id}/secret", { params: { path: { id } } }));
export const rotateSecret = (id: string): Promise<ChannelSecret> =>
  answer(api.POST("/api/v1/inbox/channels/{id}/rotate-secret", { params: { path: { id } } }));
export const rotateKey = (id: string): Promise<Channel> =>
  answer(api.POST("/api/v1/inbox/channels/{id}/rotate-key", { params: { path: { id } } }));
export const updateChannel = (id: string, body: UpdateChannel): Promise<Channel> =>
  answer(api.PATCH("/api/v1/inbox/channels/{id}", { params: { path: { id } }, body }));

export function useCreateChannel() {
  const put = usePutChannel();
  return useMutation({
    mutationFn: (body: NewChannel): Promise<Channel> => answer(api.POST("/api/v1/inbox/channels", { body })),
    onSuccess: put,
  });
}

/** Writes a channel into everything that shows it. */
export function usePutChannel(): (channel: Channel) => void {
  const cache = useQueryClient();
  return (channel) => {
    cache.setQueryData(channelQuery(channel.id).queryKey, channel);
    cache.setQueryData<Page<Channel>>(keys.channels, (page) => page && withItem(page, channel));
  };
}
