// Above the list: which view this is, the search box, and the four states.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download, Ellipsis, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useShortcuts } from "@/shared/keys/shortcuts";
import { useMay } from "@/shared/session/session";
import { cx } from "@/shared/ui/cx";
import { IconButton } from "@/shared/ui/icon-button";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/shared/ui/menu";
import { PaneHeader } from "@/shared/ui/pane";
import { askExport } from "../export/asking";
import { useLabels } from "../label/api";
import { LabelDot } from "../label/chip";
import { channelsQuery, listQuery } from "../model/api";
import type { Place } from "../model/place";
import { statuses, statusNames } from "../model/words";

const viewNames = { mine: "Mine", unassigned: "Unassigned", all: "All" };

export function ListHeader({ place }: { place: Place }) {
  return (
    <>
      <PaneHeader>
        <h1 className="min-w-0 flex-1 truncate text-base font-semibold">
          <Title place={place} />
        </h1>
        <ListMenu place={place} />
      </PaneHeader>
      <div className="flex flex-col gap-2 border-b border-line px-3 pt-2.5 pb-2">
        <SearchBox place={place} />
        <StatusTabs place={place} />
      </div>
    </>
  );
}

/** What can be done with all that the list shows. */
function ListMenu({ place }: { place: Place }) {
  const mayExport = useMay("conversations.export");
  if (!mayExport) return null;
  return (
    <Menu>
      <MenuTrigger asChild>
        <IconButton label="More" icon={<Ellipsis />} className="size-7 text-text-3" />
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem icon={<Download />} onSelect={() => askExport(place.filter)}>
          Export…
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

function Title({ place }: { place: Place }) {
  const { search, view } = place;
  const channels = useQuery({ ...channelsQuery, enabled: search.channel !== undefined });
  if (search.contact) return <ContactTitle place={place} />;
  if (search.label) return <LabelTitle place={place} id={search.label} />;
  if (search.channel) return channels.data?.items.find((one) => one.id === search.channel)?.name ?? "Channel";
  return viewNames[view];
}

function ContactTitle({ place }: { place: Place }) {
  const list = useInfiniteQuery(listQuery(place.filter)).data;
  return (
    <span className="flex items-center gap-1">
      {list?.pages[0]?.items[0]?.conversation.contact.name ?? "One customer"}
      <IconButton
        label="Show everyone"
        icon={<X />}
        onClick={() => place.change({ contact: undefined, status: undefined })}
        className="size-6"
      />
    </span>
  );
}

function LabelTitle({ place, id }: { place: Place; id: string }) {
  const label = useLabels().find((one) => one.id === id);
  return (
    <span className="flex items-center gap-1.5">
      {label && <LabelDot color={label.color} className="size-2.5" />}
      <span className="truncate">{label?.name ?? "Label"}</span>
      <IconButton
        label="Show every label"
        icon={<X />}
        onClick={() => place.change({ label: undefined })}
        className="size-6"
      />
    </span>
  );
}

function StatusTabs({ place }: { place: Place }) {
  const at = place.filter.status;
  const shown = at === "any" ? (["any", ...statuses] as const) : statuses;
  return (
    <div role="group" aria-label="Status" className="flex gap-0.5">
      {shown.map((status) => (
        <button
          key={status}
          type="button"
          aria-pressed={at === status}
          onClick={() => place.change({ status: status === "open" ? undefined : status })}
          className={cx(
            "h-6.5 rounded-md px-2 text-xs",
            at === status ? "bg-pressed/70 font-medium text-text" : "text-text-3 hover:bg-hover hover:text-text",
          )}
        >
          {status === "any" ? "Any" : statusNames[status]}
        </button>
      ))}
    </div>
  );
}

function SearchBox({ place }: { place: Place }) {
  const box = useRef<HTMLInputElement>(null);
  const asked = place.search.q ?? "";
  const [text, setText] = useState(asked);
  const { change } = place;
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (text.trim() === asked) return;
    const timer = setTimeout(() => change({ q: text.trim() || undefined }), 220);
    return () => clearTimeout(timer);
  }, [text, asked, change]);
  useShortcuts([{ keys: "/", label: "Search this list", group: "List", run: () => box.current?.select() }]);
  return (
    <div className="relative">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-3.5 text-text-3" />
      <input
        ref={box}
        type="search"
        aria-label="Search conversations"
        placeholder="Name, e-mail or #number"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setText("");
          event.currentTarget.blur();
        }}
        className={cx(
          "h-7.5 w-full rounded-md border border-transparent bg-hover pr-2 pl-8 text-sm outline-none",
          "focus:border-accent focus:bg-raised [&::-webkit-search-cancel-button]:hidden",
        )}
      />
      {text && (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => setText("")}
          className={cx(
            "absolute top-1 right-1 flex size-5.5 items-center",
            "justify-center rounded text-text-3 hover:text-text",
          )}
        >
          <X className="size-3.5" />
        </button>
      )}
    </div>
  );
}
