// What jobs do when something happens.
import type { QueryClient } from "@tanstack/react-query";
import type { Job } from "@/contract";
import { on } from "@/shared/live/on";
import { session } from "@/shared/session/session";
import { toast } from "@/shared/ui/toast";
import { dropJob, putJob } from "./cache";
import { nameOf } from "./rules";

const put = (job: Job, cache: QueryClient): void => putJob(cache, job);
const isMine = (job: Job): boolean => job.started_by === session.get().me?.user.id;

export const jobsLive = on({
  "job.created": put,
  "job.started": put,
  "job.progressed": put,
  "job.finished": (job, cache) => {
    putJob(cache, job);
    if (isMine(job)) toast(`${nameOf(job)}: done.`);
  },
  "job.failed": (job, cache) => {
    putJob(cache, job);
    if (isMine(job)) toast(`${nameOf(job)}: this did not work.`);
  },
  "job.cancelled": put,
  "job.deleted": ({ id }, cache) => dropJob(cache, id),
});
