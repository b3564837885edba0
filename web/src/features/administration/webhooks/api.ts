// What webhooks ask the server.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type {
  Delivery,
  DeliveryState,
  DeliveryStory,
  NewWebhook,
  Page,
  UpdateWebhook,
  Webhook,
  WebhookWithSecret,
} from "@/contract";
import { answer, api } from "@/shared/api/client";

const base = ["administration", "webhooks"] as const;
export const keys = {
  all: base,
  list: [...base, "list"],
  deliveries: (id: string) => [...base, id, "deliveries"],
} as const;

/** Asked again while it is looked at: whether receivers answer changes by itself. */
export const webhooksQuery = queryOptions({
  queryKey: keys.list,
  queryFn: ({ signal }): Promise<Page<Webhook>> => answer(api.GET("/api/v1/webhooks", { signal })),
  refetchInterval: 5_000,
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: [...base, id],
    queryFn: ({ signal }): Promise<Webhook> =>
      answer(api.GET("/api/v1/webhooks/{id}", { signal, params: { path: { id } } })),
    refetchInterval: 2_000,
  });

export const deliveriesQuery = (id: string, state: DeliveryState | null) =>
  infiniteQueryOptions({
    queryKey: [...keys.deliveries(id), state],
    queryFn: ({ signal, pageParam }): Promise<Page<Delivery>> => {
      const query = { ...(state && { state }), ...(pageParam && { after: pageParam }), limit: 50 };
      return answer(api.GET("/api/v1/webhooks/{id}/deliveries", { signal, params: { path: { id }, query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 2_000,
  });

export const storyQuery = (id: string, delivery_id: string) =>
  queryOptions({
    queryKey: [...base, id, "delivery", delivery_id],
    queryFn: ({ signal }): Promise<DeliveryStory> =>
      answer(
        api.GET("/api/v1/webhooks/{id}/deliveries/{delivery_id}", { signal, params: { path: { id, delivery_id } } }),
      ),
    refetchInterval: 2_000,
  });

export const createWebhook = (body: NewWebhook): Promise<WebhookWithSecret> =>
  answer(api.POST("/api/v1/webhooks", { body }));

export const updateWebhook = (id: string, body: UpdateWebhook): Promise<Webhook> =>
  answer(api.PATCH("/api/v1/webhooks/{id}", { params: { path: { id } }, body }));

export const rotateSecret = (id: string): Promise<WebhookWithSecret> =>
  answer(api.POST("/api/v1/webhooks/{id}/secret", { params: { path: { id } } }));

export const deleteWebhook = (id: string): Promise<unknown> =>
  answer(api.DELETE("/api/v1/webhooks/{id}", { params: { path: { id } } }));

export const testWebhook = (id: string): Promise<Delivery> =>
  answer(api.POST("/api/v1/webhooks/{id}/test", { params: { path: { id } } }));

export const replayWebhook = (id: string, body: { seq?: number; since?: string }): Promise<{ n: number }> =>
  answer(api.POST("/api/v1/webhooks/{id}/replay", { params: { path: { id } }, body }));

export const resend = (id: string, delivery_id: string): Promise<Delivery> =>
  answer(api.POST("/api/v1/webhooks/{id}/deliveries/{delivery_id}/resend", { params: { path: { id, delivery_id } } }));
