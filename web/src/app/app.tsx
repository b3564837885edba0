// What surrounds every screen: the cache, the router, tooltips, toasts, and the question who is signed in.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { isPassing, waitOf } from "@/shared/api/problem";
import { live } from "@/shared/live/live";
import { refresh, session } from "@/shared/session/session";
import { SlotsContext } from "@/shared/slots";
import { followSystemTheme } from "@/shared/theme";
import { Announcer } from "@/shared/ui/announcer";
import { Mark } from "@/shared/ui/brand";
import { Failed, Later } from "@/shared/ui/states";
import { clearToasts, Toasts } from "@/shared/ui/toast";
import { TipProvider } from "@/shared/ui/tooltip";
import { slots } from "./modules";
import { router } from "./router";

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      // Whoever would have to wait for long is told so, and decides.
      retry: (n_failures, error) => isPassing(error) && n_failures < 2 && (waitOf(error) ?? 0) < 5_000,
      retryDelay: (n_failures, error) => waitOf(error) ?? 1_000 * 2 ** n_failures,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/** Whoever is no longer signed in keeps nothing on screen, and is led back to the same place after signing in. */
let was_signed_in = false;
session.subscribe(() => {
  const now = session.get();
  const hasLeft = was_signed_in && now.state === "signed_out";
  was_signed_in = now.state === "signed_in";
  if (now.state !== "signed_out" || !hasLeft) return;
  live.stop();
  clearToasts();
  const { href, pathname } = router.state.location;
  if (!pathname.startsWith("/sign-"))
    void router
      .navigate({ to: "/sign-in", search: now.expired ? { return: href } : {}, replace: true })
      .then(() => cache.clear());
});

export function App() {
  return (
    <QueryClientProvider client={cache}>
      <SlotsContext.Provider value={slots}>
        <TipProvider>
          <Start />
          <Toasts />
          <Announcer />
        </TipProvider>
      </SlotsContext.Provider>
    </QueryClientProvider>
  );
}

function Start() {
  const [state, setState] = useState<"asking" | "ready" | { error: unknown }>("asking");
  useEffect(followSystemTheme, []);
  useEffect(() => {
    if (state !== "asking") return;
    refresh().then(
      () => setState("ready"),
      (error: unknown) => setState({ error }),
    );
  }, [state]);
  if (state === "ready") return <RouterProvider router={router} />;
  if (state === "asking")
    return (
      <Later>
        <div role="status" aria-label="Starting" className="flex h-full animate-breathe items-center justify-center">
          <Mark size={36} />
        </div>
      </Later>
    );
  return (
    <main className="h-full">
      <Failed error={state.error} retry={() => setState("asking")} />
    </main>
  );
}
