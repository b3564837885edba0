// The settings: their own short list at the left, one page per thing.
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import type { NavEntry } from "@/shared/registration";
import { useIsNarrow } from "@/shared/media";
import { useMe } from "@/shared/session/session";
import { cx } from "@/shared/ui/cx";
import { modules } from "./modules";

const entries = modules.flatMap((one) => one.nav ?? []).sort((a, b) => a.order - b.order);

export function SettingsLayout() {
  const isNarrow = useIsNarrow();
  return (
    <div className="flex min-w-0 flex-1">
      {!isNarrow && <SettingsNav />}
      <div className="min-w-0 flex-1">
        <Outlet />
      </div>
    </div>
  );
}

function SettingsNav() {
  return (
    <nav aria-label="Settings" className="w-52 shrink-0 overflow-y-auto border-r border-line bg-surface px-3 py-5">
      <h2 className="px-2 pb-3 text-base font-semibold">Settings</h2>
      <SettingsGroup place="workspace" title="Workspace" />
      <SettingsGroup place="personal" title="You" />
    </nav>
  );
}

export function SettingsGroup({ place, title, onGo }: { place: NavEntry["place"]; title: string; onGo?: () => void }) {
  const me = useMe();
  const { pathname } = useLocation();
  const shown = entries.filter(
    (entry) => entry.place === place && (!entry.needs || me.permissions.includes(entry.needs)),
  );
  if (shown.length === 0) return null;
  return (
    <div className="mb-5">
      <h3 className="px-2 pb-1 text-2xs font-medium text-text-3">{title}</h3>
      <ul className="flex flex-col gap-px">
        {shown.map((entry) => {
          const isHere = pathname.startsWith(entry.to);
          return (
            <li key={entry.to}>
              <Link
                to={entry.to}
                onClick={onGo}
                aria-current={isHere ? "page" : undefined}
                className={cx(
                  "flex h-8 items-center gap-2.5 rounded-md px-2 text-sm",
                  isHere ? "bg-pressed/70 font-medium text-text" : "text-text-2 hover:bg-hover hover:text-text",
                )}
              >
                <entry.icon aria-hidden className="size-4 text-text-3" />
                {entry.label}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
