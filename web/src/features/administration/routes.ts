// The administration's pages.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute, shellRoute } from "@/shared/roots";

const live = createRoute({
  getParentRoute: () => shellRoute,
  path: "/administration/live",
  component: lazyRouteComponent(() => import("./live/page"), "LivePage"),
  staticData: { title: "Live", needs: "actors.read" },
});

const events = createRoute({
  getParentRoute: () => shellRoute,
  path: "/administration/events",
  component: lazyRouteComponent(() => import("./events/page"), "EventsPage"),
  staticData: { title: "Events", needs: "events.read" },
});

const webhooks = createRoute({
  getParentRoute: () => settingsRoute,
  path: "webhooks",
  component: lazyRouteComponent(() => import("./webhooks/webhooks-page"), "WebhooksPage"),
  staticData: { title: "Webhooks", needs: "webhooks.manage" },
});
const webhook = createRoute({
  getParentRoute: () => settingsRoute,
  path: "webhooks/$webhookId",
  component: lazyRouteComponent(() => import("./webhooks/webhook-page"), "WebhookPage"),
  staticData: { title: "Webhook", needs: "webhooks.manage" },
});

export const administrationPages = { shell: [live, events], settings: [webhooks, webhook] } as const;
