// Shows a component as the app would: with a cache, tooltips and a router at some address.
import { QueryClient, QueryClientProvider, type QueryKey } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { signedIn } from "@/shared/session/session";
import { TipProvider } from "@/shared/ui/tooltip";
import { me } from "./build";

/** Ada is here, with all the permissions she may have or those that are named. */
export function signIn(change: Parameters<typeof me>[0] = {}): void {
  signedIn({ access_token: "t", expires_in: 900, refresh_token: "", me: me(change) });
}

/** A cache that knows these things already, and asks for nothing else by itself. */
export function cacheWith(...known: [QueryKey, unknown][]): QueryClient {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  for (const [key, value] of known) cache.setQueryData(key, value);
  return cache;
}

interface Shown {
  cache: QueryClient;
  at: () => string;
}

export async function show(
  content: ReactNode,
  /** `route` is the shape of the address, where the content reads from it. */
  { path = "/", route = "$", cache = new QueryClient({ defaultOptions: { queries: { retry: false } } }) } = {},
): Promise<Shown> {
  const root = createRootRoute({ component: Outlet });
  const any = createRoute({ getParentRoute: () => root, path: route, component: () => content });
  const home = createRoute({ getParentRoute: () => root, path: "/", component: () => content });
  const router = createRouter({
    routeTree: root.addChildren([home, any]),
    history: createMemoryHistory({ initialEntries: [path] }),
    scrollRestoration: false,
  });
  await router.load();
  render(
    <QueryClientProvider client={cache}>
      <TipProvider>
        <RouterProvider router={router} />
      </TipProvider>
    </QueryClientProvider>,
  );
  return { cache, at: () => router.state.location.href };
}
