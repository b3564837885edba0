// The left rail: where one is, where one can go, who one is. Folds to 56 px; on a phone it slides over the page.
import { Link, linkOptions, useLocation } from "@tanstack/react-router";
import { PanelLeft, Search, Settings } from "lucide-react";
import { openPalette } from "@/shared/commands/commands";
import { useIsNarrow } from "@/shared/media";
import { useRemembered } from "@/shared/remember";
import { useMe } from "@/shared/session/session";
import { useStore } from "@/shared/store";
import { Mark } from "@/shared/ui/brand";
import { cx } from "@/shared/ui/cx";
import { IconButton } from "@/shared/ui/icon-button";
import { lazily } from "@/shared/ui/lazily";
import { Keys } from "@/shared/ui/kbd";
import { drawer } from "@/shared/ui/pane";
import { RailLink } from "@/shared/ui/rail-link";
import { modules } from "./modules";
import { SettingsGroup } from "./settings-layout";
import { UserMenu } from "./user-menu";

const Drawer = lazily(() => import("@/shared/ui/drawer").then((one) => one.Drawer));
const sections = modules.flatMap((one) => (one.rail ? [one.rail] : []));
const trays = modules.flatMap((one) => (one.tray ? [one.tray] : []));
const entries = modules
  .flatMap((one) => one.nav ?? [])
  .filter((entry) => entry.place === "main")
  .sort((a, b) => a.order - b.order);

export function Rail() {
  const isNarrow = useIsNarrow();
  const [open, setOpen] = useRemembered("rail", true);
  const over = useStore(drawer);
  if (!isNarrow)
    return (
      <div
        className={cx(
          "shrink-0 border-r border-line transition-[width] duration-150 ease-out",
          open ? "w-[220px]" : "w-14",
        )}
      >
        <RailBody open={open} fold={() => setOpen(!open)} />
      </div>
    );
  const close = (): void => drawer.set(false);
  if (!over) return null;
  return (
    <Drawer side="left" title="Navigation" close={close}>
      <div className="h-full" onClick={(event) => (event.target as HTMLElement).closest("a") && close()}>
        <RailBody open />
      </div>
    </Drawer>
  );
}

function RailBody({ open, fold }: { open: boolean; fold?: () => void }) {
  const me = useMe();
  const { pathname } = useLocation();
  const shown = entries.filter((entry) => !entry.needs || me.permissions.includes(entry.needs));
  return (
    <nav aria-label="Main" className="flex h-full flex-col bg-canvas">
      <div className={cx("flex h-12 shrink-0 items-center gap-2", open ? "px-3" : "justify-center")}>
        {(open || !fold) && (
          <Link to="/" className="flex min-w-0 flex-1 items-center gap-2 rounded-md">
            <Mark size={22} />
            <span className="truncate text-sm font-semibold">{me.tenant.name}</span>
          </Link>
        )}
        {fold && (
          <IconButton
            label={open ? "Fold the navigation" : "Open the navigation"}
            side="right"
            icon={<PanelLeft />}
            onClick={fold}
            className="size-7 text-text-3"
          />
        )}
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-x-hidden overflow-y-auto px-2 pt-1 pb-2">
        <SearchButton open={open} />
        {sections.map((Section, index) => (
          <Section key={index} open={open} />
        ))}
        {fold === undefined && pathname.startsWith("/settings") && (
          <div className="border-t border-line pt-3">
            <SettingsGroup place="workspace" title="Settings" />
            <SettingsGroup place="personal" title="You" />
          </div>
        )}
      </div>
      <div className="flex flex-col gap-px border-t border-line p-2">
        {trays.map((Tray, index) => (
          <Tray key={index} open={open} />
        ))}
        {shown.map((entry) => (
          <RailLink
            key={entry.to}
            open={open}
            link={{ to: entry.to }}
            icon={<entry.icon />}
            label={entry.label}
            keys={entry.keys}
            isHere={pathname.startsWith(entry.to)}
          />
        ))}
        <RailLink
          open={open}
          link={linkOptions({ to: "/settings" })}
          icon={<Settings />}
          label="Settings"
          keys="g s"
          isHere={pathname.startsWith("/settings")}
        />
        <UserMenu open={open} />
      </div>
    </nav>
  );
}

function SearchButton({ open }: { open: boolean }) {
  if (!open)
    return (
      <IconButton
        label="Find anything"
        keys="mod+k"
        side="right"
        icon={<Search />}
        onClick={() => openPalette()}
        className="mx-auto"
      />
    );
  return (
    <button
      type="button"
      onClick={() => openPalette()}
      className={cx(
        "flex h-8 shrink-0 items-center gap-2 rounded-md border border-line bg-surface",
        "px-2.5 text-sm text-text-3 hover:border-line-strong hover:text-text-2",
      )}
    >
      <Search aria-hidden className="size-3.5" />
      <span className="flex-1 text-left">Find anything</span>
      <Keys keys="mod+k" />
    </button>
  );
}
