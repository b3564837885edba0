// The frame of everything inside: rail, page, banner, palette, and what runs in the background.
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useMatches } from "@tanstack/react-router";
import { useEffect } from "react";
import { listenToKeys } from "@/shared/keys/shortcuts";
import { listen, live } from "@/shared/live/live";
import { dispatcher } from "@/shared/live/on";
import { useMe, useSession } from "@/shared/session/session";
import { loadEarly } from "@/shared/ui/lazily";
import { ConnectionBanner } from "./connection-banner";
import { Denied } from "./denied";
import { modules } from "./modules";
import { Overlays } from "./overlays";
import { usePresence } from "./presence";
import { Rail } from "./rail";
import { useGlobalKeys } from "./use-global-keys";
import { cx } from "@/shared/ui/cx";

const background = modules.flatMap((one) => (one.background ? [one.background] : []));

export function Shell() {
  // In the moment between signing out and the sign-in page there is nobody to show anything to.
  return useSession().state === "signed_in" ? <Frame /> : null;
}

function Frame() {
  const cache = useQueryClient();
  useEffect(() => {
    listen({
      onFrame: dispatcher(
        modules.flatMap((one) => one.live ?? []),
        cache,
      ),
      onFresh: () => void cache.invalidateQueries(),
    });
    live.start();
  }, [cache]);
  useEffect(listenToKeys, []);
  useEffect(loadEarly, []);
  usePresence();
  useGlobalKeys();

  return (
    <div className="flex h-full overflow-hidden">
      <a
        href="#page"
        className={cx(
          "fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3",
          "py-1.5 font-medium text-on-accent focus:translate-y-0",
        )}
      >
        Skip to the page
      </a>
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col">
        <ConnectionBanner />
        <main id="page" tabIndex={-1} data-quiet-focus className="flex min-h-0 min-w-0 flex-1 outline-none">
          <Allowed />
        </main>
      </div>
      <Overlays />
      {background.map((Background, index) => (
        <Background key={index} />
      ))}
    </div>
  );
}

/** The page, or the word that this person's role does not include it. */
function Allowed() {
  const me = useMe();
  const needs = useMatches().flatMap((match) => match.staticData.needs ?? []);
  const missing = needs.find((permission) => !me.permissions.includes(permission));
  return missing ? <Denied permission={missing} /> : <Outlet />;
}
