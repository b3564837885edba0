// The lists of jobs in the cache: the newest first, and an older view never replaces a newer one.
import type { QueryClient } from "@tanstack/react-query";
import type { Job, Page } from "@/contract";
import { withoutItem } from "@/shared/api/page";
import { session } from "@/shared/session/session";
import { keys, type View } from "./api";

const views: View[] = ["mine", "all"];

export function putJob(cache: QueryClient, job: Job): void {
  for (const view of views)
    cache.setQueryData<Page<Job>>(keys.list(view), (page) => page && (belongs(view, job) ? withJob(page, job) : page));
}

export function dropJob(cache: QueryClient, id: string): void {
  for (const view of views) cache.setQueryData<Page<Job>>(keys.list(view), (page) => page && withoutItem(page, id));
}

/** The rule of the server's lists: mine are those I started, and upkeep that failed. */
function belongs(view: View, job: Job): boolean {
  return view === "all" || job.started_by === session.get().me?.user.id || (job.is_quiet && job.state === "failed");
}

export function withJob(page: Page<Job>, job: Job): Page<Job> {
  const known = page.items.find((one) => one.id === job.id);
  if (known && known.version >= job.version) return page;
  const items = [job, ...page.items.filter((one) => one.id !== job.id)];
  return { ...page, items: items.toSorted((a, b) => b.created_at.localeCompare(a.created_at)) };
}
