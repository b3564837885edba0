// Shows a component as the app would: with a cache, tooltips and a router at some address.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
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
import { TipProvider } from "@/shared/ui/tooltip";

interface Shown {
  cache: QueryClient;
  at: () => string;
}

export async function show(
  content: ReactNode,
  { path = "/", cache = new QueryClient({ defaultOptions: { queries: { retry: false } } }) } = {},
): Promise<Shown> {
  const root = createRootRoute({ component: Outlet });
  const any = createRoute({ getParentRoute: () => root, path: "$", component: () => content });
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
