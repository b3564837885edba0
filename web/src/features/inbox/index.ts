// The inbox: conversations with customers, and the channels they come through.
import { CircleUserRound, Inbox, MessageCircle, Tag, UserRoundX } from "lucide-react";
import type { Registration } from "@/shared/registration";
import { InboxBackground } from "./background";
import { inboxLive } from "./model/live";
import { InboxRail } from "./rail";
import { exportCommands } from "./export/asking";
import { findInInbox } from "./search";

export const inbox: Registration = {
  name: "inbox",
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
    { label: "Labels", to: "/settings/labels", icon: Tag, place: "workspace", order: 15, needs: "labels.manage" },
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
      run: () => void go({ to: "/inbox/$view", params: { view: "mine" } }),
    },
    {
      id: "view unassigned",
      label: "Unassigned",
      group: "Pages",
      icon: UserRoundX,
      keys: "g u",
      words: "inbox",
      run: () => void go({ to: "/inbox/$view", params: { view: "unassigned" } }),
    },
    {
      id: "view all",
      label: "All conversations",
      group: "Pages",
      icon: Inbox,
      keys: "g a",
      words: "inbox",
      run: () => void go({ to: "/inbox/$view", params: { view: "all" } }),
    },
    ...exportCommands(),
  ],
  search: findInInbox,
};
