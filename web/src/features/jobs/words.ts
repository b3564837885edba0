// What a job says of itself.
import type { Job } from "@/contract";
import { comingTime, rowTime } from "@/shared/time";
import { partOf } from "./rules";

/** "about 2 minutes left" */
export function sayRemaining(seconds: number): string {
  if (seconds < 5) return "a moment left";
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} seconds left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes} ${minutes === 1 ? "minute" : "minutes"} left`;
  const hours = Math.round(minutes / 60);
  return `about ${hours} ${hours === 1 ? "hour" : "hours"} left`;
}

/** "812 B", "12.3 KB", "190 MB" */
export function saySize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit > 0 && size < 100 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

const numbers = new Intl.NumberFormat();

/** One line on where a job stands. */
export function sayState(job: Job, now: Date): string {
  switch (job.state) {
    case "waiting":
      return "Waits for its turn";
    case "running":
      return sayProgress(job);
    case "finished":
      return [`Finished ${when(job, now)}`, ...sayFile(job, now)].join(" · ");
    case "failed":
      return `Failed ${when(job, now)}`;
    case "cancelled":
      return `Cancelled ${when(job, now)}`;
  }
}

function sayProgress(job: Job): string {
  if (job.is_cancelling) return "Is being cancelled";
  if (job.reason) return "Had trouble; trying again";
  const part = partOf(job);
  const far = part === null ? `${numbers.format(job.done)} done` : `${Math.floor(part * 100)}%`;
  return job.remaining_seconds == null ? far : `${far} · ${sayRemaining(job.remaining_seconds)}`;
}

function sayFile({ file }: Job, now: Date): string[] {
  return file ? [saySize(file.bytes), `here until ${comingTime(file.until, now)}`] : [];
}

function when({ ended_at, created_at }: Job, now: Date): string {
  const time = rowTime(ended_at ?? created_at, now);
  return time === "now" ? "just now" : /^\d+m$/.test(time) ? `${time} ago` : time;
}
