// The inbox's pages.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute, shellRoute } from "@/shared/roots";
import { readSearch } from "./model/place";
import { InboxPage } from "./page";

const view = createRoute({
  getParentRoute: () => shellRoute,
  path: "/inbox/$view",
  component: InboxPage,
  validateSearch: readSearch,
  staticData: { title: "Inbox", needs: "conversations.read" },
});
const conversation = createRoute({ getParentRoute: () => view, path: "$conversationId" });

const channels = createRoute({
  getParentRoute: () => settingsRoute,
  path: "channels",
  component: lazyRouteComponent(() => import("./channels/channels-page"), "ChannelsPage"),
  staticData: { title: "Channels", needs: "channels.read" },
});
const channel = createRoute({
  getParentRoute: () => settingsRoute,
  path: "channels/$channelId",
  component: lazyRouteComponent(() => import("./channels/channel-page"), "ChannelPage"),
  staticData: { title: "Channel", needs: "channels.read" },
});

const labels = createRoute({
  getParentRoute: () => settingsRoute,
  path: "labels",
  component: lazyRouteComponent(() => import("./label/labels-page"), "LabelsPage"),
  staticData: { title: "Labels", needs: "labels.manage" },
});

export const inboxPages = { shell: [view.addChildren([conversation])], settings: [channels, channel, labels] } as const;
