// Joins the modules' routes into one tree and guards what needs somebody to be signed in.
import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import { rootRoute, settingsRoute, shellRoute } from "@/shared/roots";
import { session } from "@/shared/session/session";
import { Failed } from "@/shared/ui/states";
import { modules } from "./modules";
import { NotFound } from "./not-found";
import { SettingsLayout } from "./settings-layout";
import { Shell } from "./shell";

const home = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox/$view", params: { view: "mine" }, replace: true } as never);
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
    } as never);
  },
});

rootRoute.update({ notFoundComponent: NotFound } as never);
settingsRoute.update({ component: SettingsLayout } as never);
shellRoute.update({
  component: Shell,
  beforeLoad: ({ location }: { location: { href: string } }) => {
    if (session.get().state !== "signed_in")
      throw redirect({
        to: "/sign-in",
        search: location.href === "/" ? {} : { return: location.href },
        replace: true,
      } as never);
  },
} as never);

const settings = settingsRoute.addChildren([settingsHome, ...modules.flatMap((one) => one.settings ?? [])]);
const shell = shellRoute.addChildren([home, settings, ...modules.flatMap((one) => one.routes ?? [])]);

export const router = createRouter({
  routeTree: rootRoute.addChildren([shell, ...modules.flatMap((one) => one.open ?? [])]),
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  defaultPreload: false,
  scrollRestoration: false,
});
