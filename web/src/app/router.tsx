// Joins the modules' routes into one tree and guards what needs somebody to be signed in.
import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { administrationPages } from "@/features/administration/routes";
import { identityPages } from "@/features/identity/routes";
import { inboxPages } from "@/features/inbox/routes";
import { jobsPages } from "@/features/jobs/routes";
import { rootRoute, settingsRoute, shellRoute } from "@/shared/roots";
import { session } from "@/shared/session/session";
import { Failed } from "@/shared/ui/states";
import { NotFound } from "./not-found";
import { SettingsLayout } from "./settings-layout";
import { Shell } from "./shell";

const home = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox/$view", params: { view: "mine" }, replace: true });
  },
});

const settingsHome = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: () => {
    const may = session.get().me?.permissions ?? [];
    throw redirect({
      to: may.includes("channels.read") ? "/settings/channels" : "/settings/appearance",
      replace: true,
    });
  },
});

rootRoute.update({ notFoundComponent: NotFound });
settingsRoute.update({ component: SettingsLayout });
shellRoute.update({ component: Shell });

const settings = settingsRoute.addChildren([
  settingsHome,
  ...inboxPages.settings,
  ...administrationPages.settings,
  ...identityPages.settings,
  ...jobsPages.settings,
]);
const shell = shellRoute.addChildren([home, settings, ...inboxPages.shell, ...administrationPages.shell]);

export const router = createRouter({
  routeTree: rootRoute.addChildren([shell, ...identityPages.open]),
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  defaultPreload: false,
  scrollRestoration: false,
});

// From here the whole app knows which addresses there are, and what each of them takes.
declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
