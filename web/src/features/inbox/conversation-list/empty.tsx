// An empty list says why it is empty and what to do.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, Inbox, MessageCircle, SearchX, Tag } from "lucide-react";
import { useMay } from "@/shared/session/session";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/states";
import { channelsQuery, countsQuery } from "../model/api";
import type { Place } from "../model/place";
import { statusNames } from "../model/words";
import { cx } from "@/shared/ui/cx";

export function EmptyList({ place }: { place: Place }) {
  const { filter, change } = place;
  const mayRead = useMay("channels.read");
  const mayManage = useMay("channels.manage");
  const channels = useQuery({ ...channelsQuery, enabled: mayRead });
  const counts = useQuery(countsQuery).data;
  if (filter.q)
    return (
      <Empty
        picture={<SearchX aria-hidden className="size-6" />}
        title={`Nothing for “${filter.q}”`}
        action={
          filter.status !== "any" && (
            <Button size="sm" onClick={() => change({ status: "any" })}>
              Search every status
            </Button>
          )
        }
      >
        Names, e-mail addresses and numbers are searched.
      </Empty>
    );
  const which = filter.status === "any" ? "" : ` ${statusNames[filter.status].toLowerCase()}`;
  if (filter.label_id)
    return (
      <Empty
        picture={<Tag aria-hidden className="size-6" />}
        title={`Nothing${which} has this label`}
        action={
          filter.status !== "any" && (
            <Button size="sm" onClick={() => change({ status: "any" })}>
              Look at every status
            </Button>
          )
        }
      />
    );
  if (channels.data?.items.length === 0 && mayManage) {
    return (
      <Empty
        picture={<MessageCircle aria-hidden className="size-6" />}
        title="No customer can reach you yet"
        action={
          <Link
            to="/settings/channels"
            className={cx(
              "inline-flex h-8 items-center rounded-md bg-accent px-3",
              "font-medium text-on-accent hover:bg-accent-hover",
            )}
          >
            Set up a channel
          </Link>
        }
      >
        Put a chat on your site, and its conversations arrive here.
      </Empty>
    );
  }
  if (filter.status !== "open")
    return <Empty picture={<Inbox aria-hidden className="size-6" />} title={`Nothing${which || " here"}`} />;
  if (filter.view === "mine") {
    const n_waiting = counts?.unassigned ?? 0;
    return (
      <Empty
        picture={<CircleCheck aria-hidden className="size-6 text-green" />}
        title="You are done"
        action={
          n_waiting > 0 && (
            <Link
              to="/inbox/$view"
              params={{ view: "unassigned" }}
              className={cx(
                "inline-flex h-8 items-center rounded-md border",
                "border-line-strong/80 bg-raised px-3 font-medium hover:bg-hover",
              )}
            >
              Look at {n_waiting} unassigned
            </Link>
          )
        }
      >
        {n_waiting > 0
          ? "Nothing open is assigned to you."
          : "Nothing open is assigned to you, and nothing waits for anyone."}
      </Empty>
    );
  }
  return (
    <Empty picture={<CircleCheck aria-hidden className="size-6 text-green" />} title="All done">
      {filter.view === "unassigned"
        ? "Every open conversation has somebody."
        : "New conversations appear here by themselves."}
    </Empty>
  );
}
