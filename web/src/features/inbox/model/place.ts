// Where one is in the inbox, as the address says: view, status, channel, contact, label, search text and more.
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { Status } from "@/contract";
import type { ListFilter, View } from "./filter";
import { statuses } from "./words";

export interface InboxSearch {
  status?: Status | "any";
  q?: string;
  channel?: string;
  contact?: string;
  label?: string;
}

const views: View[] = ["mine", "unassigned", "all"];

/** Reads the search part of an address; what it does not know it leaves out. */
export function readSearch(raw: { [Key in keyof InboxSearch]: unknown }): InboxSearch {
  const text = (value: unknown): string | undefined =>
    typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
  const status = text(raw.status);
  const search: InboxSearch = {};
  if (status === "any" || statuses.some((one) => one === status)) search.status = status as Status | "any";
  const [q, channel, contact, label] = [text(raw.q), text(raw.channel), text(raw.contact), text(raw.label)];
  if (q) search.q = q;
  if (channel) search.channel = channel;
  if (contact) search.contact = contact;
  if (label) search.label = label;
  return search;
}

export function readView(raw: string | undefined): View {
  return views.find((one) => one === raw) ?? "all";
}

export function filterOf(view: View, search: InboxSearch): ListFilter {
  return {
    view,
    status: search.status ?? "open",
    ...(search.channel ? { channel_id: search.channel } : {}),
    ...(search.contact ? { contact_id: search.contact } : {}),
    ...(search.label ? { label_id: search.label } : {}),
    ...(search.q ? { q: search.q } : {}),
  };
}

export interface Place {
  view: View;
  search: InboxSearch;
  filter: ListFilter;
  conversation_id: string | undefined;
  open: (conversation_id: string) => void;
  close: () => void;
  change: (search: Partial<Record<keyof InboxSearch, string | undefined>>) => void;
}

export function usePlace(): Place {
  const { view: raw, conversationId } = useParams({ strict: false });
  const rawSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const view = readView(raw);
  const search = useMemo(() => readSearch(rawSearch), [rawSearch]);
  const filter = useMemo(() => filterOf(view, search), [view, search]);
  const go = useCallback(
    (id: string | undefined, next: InboxSearch, replace: boolean) =>
      void navigate(
        id
          ? { to: "/inbox/$view/$conversationId", params: { view, conversationId: id }, search: next, replace }
          : { to: "/inbox/$view", params: { view }, search: next, replace },
      ),
    [navigate, view],
  );
  return {
    view,
    search,
    filter,
    conversation_id: conversationId,
    open: useCallback((id) => go(id, search, false), [go, search]),
    close: useCallback(() => go(undefined, search, false), [go, search]),
    change: useCallback(
      (change) => go(conversationId, readSearch({ ...search, ...change }), true),
      [go, search, conversationId],
    ),
  };
}
