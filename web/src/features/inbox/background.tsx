// What the inbox does on every screen: the unread number in the tab, messages that are still on their way, its keys.
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMatches, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { showUnread } from "@/shared/favicon";
import { useShortcuts } from "@/shared/keys/shortcuts";
import { live } from "@/shared/live/live";
import { useMay } from "@/shared/session/session";
import { useStore } from "@/shared/store";
import { lazily } from "@/shared/ui/lazily";
import { resumeOutbox } from "./composer/outbox";
import { exporting } from "./export/asking";
import { listQuery } from "./model/api";
import { forgetSignals } from "./model/signals";

const ExportDialog = lazily(() => import("./export/export-dialog").then((one) => one.ExportDialog));

export function InboxBackground() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const enabled = useMay("conversations.read");
  const isExporting = useStore(exporting, (asked) => asked !== null);
  const mine = useInfiniteQuery({ ...listQuery({ view: "mine", status: "open", unread: true }), enabled });
  const unassigned = useInfiniteQuery({ ...listQuery({ view: "unassigned", status: "open", unread: true }), enabled });
  const n_unread = [mine, unassigned].reduce(
    (sum, query) => sum + (query.data?.pages.reduce((n, page) => n + page.items.length, 0) ?? 0),
    0,
  );
  const title = useMatches().reduce((found, match) => match.staticData.title ?? found, "");
  useEffect(() => showUnread(n_unread, title), [n_unread, title]);
  useEffect(() => () => showUnread(0, ""), []);
  useEffect(() => resumeOutbox(cache), [cache]);
  // Signals that came before a break say nothing about now.
  useEffect(() => live.connection.subscribe(() => !live.isLive && forgetSignals()), []);
  useShortcuts([
    {
      keys: "g i",
      label: "Mine",
      group: "Go to",
      run: () => void navigate({ to: "/inbox/$view", params: { view: "mine" } }),
    },
    {
      keys: "g u",
      label: "Unassigned",
      group: "Go to",
      run: () => void navigate({ to: "/inbox/$view", params: { view: "unassigned" } }),
    },
    {
      keys: "g a",
      label: "All conversations",
      group: "Go to",
      run: () => void navigate({ to: "/inbox/$view", params: { view: "all" } }),
    },
  ]);
  return isExporting ? <ExportDialog /> : null;
}
