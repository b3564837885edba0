// The inbox: conversations with customers, and the channels they come through.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { CircleUserRound, Inbox, MessageCircle, UserRoundX } from "lucide-react";
import type { Registration } from "@/shared/registration";
import { settingsRoute, shellRoute } from "@/shared/roots";
import { InboxBackground } from "./background";
import { inboxLive } from "./model/live";
import { InboxPage } from "./page";
import { InboxRail } from "./rail";
import { findConversations } from "./search";

const view = createRoute({
  getParentRoute: () => shellRoute,
  path: "/inbox/$view",
  component: InboxPage,
  staticData: { title: "Inbox", needs: "conversations.read" },
});
const conversation = createRoute({ getParentRoute: () => view, path: "$conversationId" });

export const inbox: Registration = {
  name: "inbox",
  routes: [view.addChildren([conversation])],
  settings: [
    createRoute({
      getParentRoute: () => settingsRoute,
      path: "channels",
      component: lazyRouteComponent(() => import("./channels/channels-page"), "ChannelsPage"),
      staticData: { title: "Channels", needs: "channels.read" },
    }),
    createRoute({
      getParentRoute: () => settingsRoute,
      path: "channels/$channelId",
      component: lazyRouteComponent(() => import("./channels/channel-page"), "ChannelPage"),
      staticData: { title: "Channel", needs: "channels.read" },
    }),
  ],
  nav: [
    {
      label: "Channels",
      to: "/settings/channels",
      icon: MessageCircle,
      keys: "g c",
      place: "workspace",
      order: 10,
      needs: "channels.read",
    },
  ],
  rail: InboxRail,
  background: InboxBackground,
  live: [inboxLive],
  commands: (go) => [
    {
      id: "view mine",
      label: "Mine",
      group: "Pages",
      icon: CircleUserRound,
      keys: "g i",
      words: "inbox assigned to me",
      run: () => go("/inbox/mine"),
    },
    {
      id: "view unassigned",
      label: "Unassigned",
      group: "Pages",
      icon: UserRoundX,
      keys: "g u",
      words: "inbox",
      run: () => go("/inbox/unassigned"),
    },
    {
      id: "view all",
      label: "All conversations",
      group: "Pages",
      icon: Inbox,
      keys: "g a",
      words: "inbox",
      run: () => go("/inbox/all"),
    },
  ],
  search: findConversations,
};
