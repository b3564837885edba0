// The pages of jobs.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { settingsRoute } from "@/shared/roots";

const all = createRoute({
  getParentRoute: () => settingsRoute,
  path: "jobs",
  component: lazyRouteComponent(() => import("./jobs-page"), "JobsPage"),
  staticData: { title: "Jobs", needs: "jobs.manage" },
});

export const jobsPages = { settings: [all] } as const;
