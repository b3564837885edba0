// The routes that features hang theirs on. Their components are given to them by src/app.
import { createRootRoute, createRoute, redirect } from "@tanstack/react-router";
import type { Permission } from "@/contract";
import { session } from "./session/session";

export const rootRoute = createRootRoute();

/** Screens for somebody who is signed in. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  beforeLoad: ({ location: { href } }) => {
    if (session.get().state === "signed_in") return;
    throw redirect({ to: "/sign-in", search: href === "/" ? {} : { return: href }, replace: true });
  },
});

export const settingsRoute = createRoute({ getParentRoute: () => shellRoute, path: "settings" });

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    title?: string;
    /** Without this permission the page says so instead of showing itself. */
    needs?: Permission;
  }
}
