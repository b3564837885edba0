// The administration's pages.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/shared/roots";

const live = createRoute({
  getParentRoute: () => shellRoute,
  path: "/administration/live",
  component: lazyRouteComponent(() => import("./live/page"), "LivePage"),
  staticData: { title: "Live", needs: "actors.read" },
});

export const administrationPages = { shell: [live] } as const;
