// The inbox's part of the rail: the views with what is open in them, and the channels.
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useLocation } from "@tanstack/react-router";
import { CircleUserRound, Inbox, MessageCircle, UserRoundX } from "lucide-react";
import type { ReactNode } from "react";
import { useMay } from "@/shared/session/session";
import { RailLink } from "@/shared/ui/rail-link";
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
  const { channel } = readSearch(search);
  const at = (view: View): boolean => pathname.startsWith("/inbox") && place.view === view && !channel;
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
      <Channels
        open={open}
        at={pathname.startsWith("/inbox") ? channel : undefined}
        counts={counts?.by_channel ?? {}}
      />
    </>
  );
}

function Channels({ open, at, counts }: { open: boolean; at: string | undefined; counts: Record<string, number> }) {
  const may = useMay("channels.read");
  const channels = useQuery({ ...channelsQuery, enabled: may }).data?.items ?? [];
  if (channels.length === 0) return null;
  return (
    <div className="flex flex-col gap-px">
      {open ? (
        <h2 className="px-2 pb-1 text-2xs font-medium text-text-3">Channels</h2>
      ) : (
        <span className="mx-2 mb-2 h-px bg-line" />
      )}
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
