// The inbox's part of the rail: the views with what is open in them, the channels, and the labels.
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useLocation } from "@tanstack/react-router";
import { CircleUserRound, Inbox, MessageCircle, UserRoundX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useMay } from "@/shared/session/session";
import { RailLink } from "@/shared/ui/rail-link";
import { useLabels } from "./label/api";
import { LabelDot } from "./label/chip";
import { channelsQuery, countsQuery } from "./model/api";
import type { View } from "./model/filter";
import { readSearch, usePlace } from "./model/place";

const views: { view: View; label: string; keys: string; icon: ReactNode }[] = [
  { view: "mine", label: "Mine", keys: "g i", icon: <CircleUserRound /> },
  { view: "unassigned", label: "Unassigned", keys: "g u", icon: <UserRoundX /> },
  { view: "all", label: "All", keys: "g a", icon: <Inbox /> },
];

export function InboxRail({ open }: { open: boolean }) {
  const { pathname, search } = useLocation();
  const may = useMay("conversations.read");
  const counts = useQuery({ ...countsQuery, enabled: may }).data;
  const place = usePlace();
  const { channel, label } = readSearch(search);
  const isHere = pathname.startsWith("/inbox");
  const at = (view: View): boolean => isHere && place.view === view && !channel && !label;
  if (!may) return null;
  return (
    <>
      <div className="flex flex-col gap-px">
        {views.map(({ view, label, keys, icon }) => (
          <RailLink
            key={view}
            open={open}
            link={linkOptions({ to: "/inbox/$view", params: { view } })}
            icon={icon}
            label={label}
            keys={keys}
            count={counts?.[view]}
            isHere={at(view)}
          />
        ))}
      </div>
      <Channels open={open} at={isHere ? channel : undefined} counts={counts?.by_channel ?? {}} />
      <Labels open={open} at={isHere ? label : undefined} counts={counts?.by_label ?? {}} />
    </>
  );
}

function Channels({ open, at, counts }: { open: boolean; at: string | undefined; counts: Record<string, number> }) {
  const may = useMay("channels.read");
  const channels = useQuery({ ...channelsQuery, enabled: may }).data?.items ?? [];
  if (channels.length === 0) return null;
  return (
    <div className="flex flex-col gap-px">
      <Heading open={open}>Channels</Heading>
      {channels.map((channel) => (
        <RailLink
          key={channel.id}
          open={open}
          link={linkOptions({ to: "/inbox/$view", params: { view: "all" }, search: { channel: channel.id } })}
          icon={<MessageCircle style={{ color: channel.settings.color }} />}
          label={channel.name}
          count={counts[channel.id]}
          isHere={at === channel.id}
        />
      ))}
    </div>
  );
}

const FIRST_LABELS = 8;

function Labels({ open, at, counts }: { open: boolean; at: string | undefined; counts: Record<string, number> }) {
  const labels = useLabels();
  const [showsAll, setShowsAll] = useState(false);
  if (labels.length === 0) return null;
  const shown = showsAll ? labels : labels.filter((one, index) => index < FIRST_LABELS || one.id === at);
  return (
    <div className="flex flex-col gap-px">
      <Heading open={open}>Labels</Heading>
      {shown.map((label) => (
        <RailLink
          key={label.id}
          open={open}
          link={linkOptions({ to: "/inbox/$view", params: { view: "all" }, search: { label: label.id } })}
          icon={
            <span className="flex size-4 items-center justify-center">
              <LabelDot color={label.color} className="size-2.5" />
            </span>
          }
          label={label.name}
          count={counts[label.id]}
          isHere={at === label.id}
        />
      ))}
      {open && labels.length > FIRST_LABELS && (
        <button
          type="button"
          onClick={() => setShowsAll(!showsAll)}
          className="h-7 rounded-md px-2 text-left text-xs text-text-3 hover:bg-hover hover:text-text"
        >
          {showsAll ? "Show fewer" : `Show all ${labels.length}`}
        </button>
      )}
    </div>
  );
}

function Heading({ open, children }: { open: boolean; children: ReactNode }) {
  if (!open) return <span className="mx-2 mb-2 h-px bg-line" />;
  return <h2 className="px-2 pb-1 text-2xs font-medium text-text-3">{children}</h2>;
}
