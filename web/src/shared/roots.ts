// The routes that features hang theirs on. Their components are given to them by src/app.
import { createRootRoute, createRoute } from "@tanstack/react-router";
import type { Permission } from "@/contract";

export const rootRoute = createRootRoute();

/** Screens for somebody who is signed in. */
export const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: "shell" });

export const settingsRoute = createRoute({ getParentRoute: () => shellRoute, path: "settings" });

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    title?: string;
    /** Without this permission the page says so instead of showing itself. */
    needs?: Permission;
  }
}
