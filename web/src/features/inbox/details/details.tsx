// Beside the thread: who this is, what else they asked, and how this conversation stands.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { InboxItem } from "@/contract";
import { useSlot } from "@/shared/slots";
import { rowTime, useNow } from "@/shared/time";
import { cx } from "@/shared/ui/cx";
import { listQuery } from "../model/api";
import { unreadOf } from "../model/filter";
import { StatusIcon } from "./icons";
import { Properties } from "./properties";

export function Details({ item }: { item: InboxItem }) {
  const Contact = useSlot("contact");
  const { contact } = item.conversation;
  return (
    <aside aria-label="Details" className="h-full overflow-y-auto bg-surface">
      {Contact && <Contact contact={contact} />}
      <DetailsSection title="Conversation">
        <Properties item={item} />
      </DetailsSection>
      <OtherConversations item={item} />
    </aside>
  );
}

export function DetailsSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line px-4 py-4">
      <h3 className="mb-2 text-xs font-semibold text-text-2">{title}</h3>
      {children}
    </section>
  );
}

function OtherConversations({ item }: { item: InboxItem }) {
  const { conversation } = item;
  const now = useNow();
  const query = useInfiniteQuery(listQuery({ view: "all", status: "any", contact_id: conversation.contact.id }));
  const others =
    query.data?.pages.flatMap((page) => page.items).filter((one) => one.conversation.id !== conversation.id) ?? [];
  if (query.isPending || query.isError) return null;
  const first = conversation.contact.name.split(" ")[0];
  return (
    <DetailsSection title={others.length > 0 ? "Their other conversations" : "Other conversations"}>
      {others.length === 0 && <p className="text-sm text-text-3">This is the first one with {first}.</p>}
      <ul className="-mx-2 flex flex-col">
        {others.slice(0, 6).map((other) => (
          <li key={other.conversation.id}>
            <Link
              to="/inbox/$view/$conversationId"
              params={{ view: "all", conversationId: other.conversation.id }}
              search={{ status: "any", contact: conversation.contact.id }}
              className="flex h-9 items-center gap-2 rounded-md px-2 hover:bg-hover"
            >
              <StatusIcon status={other.conversation.status} className="size-3.5 shrink-0" />
              <span className={cx("min-w-0 flex-1 truncate text-sm", unreadOf(other) > 0 && "font-semibold")}>
                {other.conversation.last_message?.preview ?? `#${other.conversation.number}`}
              </span>
              <span className="nums text-2xs text-text-3">{rowTime(other.conversation.last_activity_at, now)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {others.length > 6 && (
        <Link
          to="/inbox/$view"
          params={{ view: "all" }}
          search={{ status: "any", contact: conversation.contact.id }}
          className="mt-1 inline-flex items-center gap-0.5 text-xs text-accent-text hover:underline"
        >
          All of them <ChevronRight aria-hidden className="size-3" />
        </Link>
      )}
    </DetailsSection>
  );
}
