// Administration: what the running system is doing.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { Activity } from "lucide-react";
import type { Registration } from "@/shared/registration";
import { shellRoute } from "@/shared/roots";

export const administration: Registration = {
  name: "administration",
  routes: [
    createRoute({
      getParentRoute: () => shellRoute,
      path: "/administration/live",
      component: lazyRouteComponent(() => import("./live/page"), "LivePage"),
      staticData: { title: "Live", needs: "actors.read" },
    }),
  ],
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
  ],
};
