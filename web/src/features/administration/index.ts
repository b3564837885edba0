// Administration: what the running system is doing, what happened in it, and where that is sent.
import { Activity, ScrollText, Webhook } from "lucide-react";
import type { Registration } from "@/shared/registration";

export const administration: Registration = {
  name: "administration",
  nav: [
    {
      label: "Live",
      to: "/administration/live",
      icon: Activity,
      keys: "g l",
      place: "main",
      order: 10,
      needs: "actors.read",
    },
    {
      label: "Events",
      to: "/administration/events",
      icon: ScrollText,
      keys: "g e",
      place: "main",
      order: 20,
      needs: "events.read",
    },
    {
      label: "Webhooks",
      to: "/settings/webhooks",
      icon: Webhook,
      place: "workspace",
      order: 30,
      needs: "webhooks.manage",
    },
  ],
};
