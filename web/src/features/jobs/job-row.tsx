// One job: its name, a bar while it runs, a line on where it stands, and what it could not do.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Job } from "@/contract";
import { useNow } from "@/shared/time";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { IconButton } from "@/shared/ui/icon-button";
import { toastProblem } from "@/shared/ui/toast";
import { cancelJob, deleteJob, detailQuery, saveFile } from "./ask";
import { dropJob, putJob } from "./cache";
import { isOver, nameOf, partOf } from "./rules";
import { sayState } from "./words";

export function JobRow({ job, by }: { job: Job; by?: ReactNode }) {
  const now = useNow();
  return (
    <li className="flex flex-col gap-1.5 px-3.5 py-3">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-sm font-medium">{nameOf(job)}</span>
        <Buttons job={job} />
      </div>
      {job.state === "running" && <Bar job={job} />}
      <p className="nums text-xs text-text-3">
        {sayState(job, now)}
        {by && <> · {by}</>}
      </p>
      {job.reason && <p className={cx("text-xs", job.state === "failed" ? "text-red" : "text-text-2")}>{job.reason}</p>}
      {job.n_failures > 0 && <Failures job={job} />}
    </li>
  );
}

function Bar({ job }: { job: Job }) {
  const part = partOf(job);
  return (
    <div
      role="progressbar"
      aria-label={nameOf(job)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={part === null ? undefined : Math.floor(part * 100)}
      className="h-1.5 overflow-hidden rounded-full bg-hover"
    >
      <div
        style={{ width: `${(part ?? 1) * 100}%` }}
        className={cx(
          "h-full rounded-full bg-accent transition-[width] duration-150",
          part === null && "animate-breathe opacity-50",
        )}
      />
    </div>
  );
}

function Buttons({ job }: { job: Job }) {
  const cache = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const during = (work: Promise<unknown>, sorry: string): void => {
    setBusy(true);
    work.catch((error: unknown) => toastProblem(error, sorry)).finally(() => setBusy(false));
  };
  const cancel = (): void =>
    during(
      cancelJob(job.id).then((now) => putJob(cache, now)),
      "It was not cancelled.",
    );
  const remove = (): void =>
    during(
      deleteJob(job.id).then(() => dropJob(cache, job.id)),
      "It was not removed.",
    );
  const { file } = job;
  if (!isOver(job))
    return (
      <Button size="sm" look="ghost" disabled={job.is_cancelling} busy={isBusy} onClick={cancel}>
        Cancel
      </Button>
    );
  return (
    <>
      {file && (
        <Button size="sm" busy={isBusy} onClick={() => during(saveFile(job.id, file.name), "There is no file.")}>
          {!isBusy && <Download aria-hidden className="size-3.5" />} Download
        </Button>
      )}
      <IconButton
        label={`Remove ${nameOf(job)}`}
        icon={<X />}
        disabled={isBusy}
        onClick={remove}
        className="size-7 text-text-3"
      />
    </>
  );
}

function Failures({ job }: { job: Job }) {
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({ ...detailQuery(job.id), enabled: isOpen });
  const named = query.data?.failures ?? [];
  return (
    <div className="text-xs">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="rounded text-amber underline-offset-2 hover:underline"
      >
        {job.n_failures === 1 ? "One thing" : `${job.n_failures} things`} could not be done
      </button>
      {isOpen && (
        <ul aria-label="What could not be done" className="mt-1 flex flex-col gap-1 text-text-2">
          {named.map((one, index) => (
            <li key={index} className="break-words">
              <span className="font-medium">{one.item}</span>: {one.reason}
            </li>
          ))}
          {query.data && named.length < job.n_failures && <li>and {job.n_failures - named.length} more</li>}
        </ul>
      )}
    </div>
  );
}
