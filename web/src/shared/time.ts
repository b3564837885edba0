// Times as people say them. All take `now`, so that tests need no clock.
import { useSyncExternalStore } from "react";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const dayMonth = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayMonthYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const full = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "numeric",
  minute: "2-digit",
});

export function daysBetween(at: Date, now: Date): number {
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(now) - midnight(at)) / DAY);
}

/** For the right edge of a row: "now", "4m", "14:05", "Mon", "3 Mar". */
export function rowTime(at: string, now: Date): string {
  const date = new Date(at);
  const passed = now.getTime() - date.getTime();
  if (passed < MINUTE) return "now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)}m`;
  const days = daysBetween(date, now);
  if (days === 0) return clock.format(date);
  if (days < 7) return weekday.format(date);
  return date.getFullYear() === now.getFullYear() ? dayMonth.format(date) : dayMonthYear.format(date);
}

export function clockTime(at: string): string {
  return clock.format(new Date(at));
}

export function fullTime(at: string): string {
  return full.format(new Date(at));
}

export function dayName(at: string, now: Date): string {
  const date = new Date(at);
  const days = daysBetween(date, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return date.getFullYear() === now.getFullYear() ? longDay.format(date) : dayMonthYear.format(date);
}

/** For a time that is still to come: "today 18:00", "tomorrow 09:00", "Mon 09:00", "3 Mar 09:00". */
export function comingTime(at: string, now: Date): string {
  const date = new Date(at);
  const days = -daysBetween(date, now);
  const day =
    days === 0
      ? "today"
      : days === 1
        ? "tomorrow"
        : days > 1 && days < 7
          ? weekday.format(date)
          : dayMonth.format(date);
  return `${day} ${clock.format(date)}`;
}

/** A length of time in its largest unit: "40s", "12m", "3h", "5d". */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / 1000))}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h`;
  return `${Math.floor(ms / DAY)}d`;
}

let minute = new Date();
const watchers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | null = null;

/** The time, to the half minute: enough for "4m" and cheap to watch from every row. */
export function useNow(): Date {
  return useSyncExternalStore(watch, () => minute);
}

function watch(listener: () => void): () => void {
  watchers.add(listener);
  ticking ??= setInterval(() => {
    minute = new Date();
    for (const one of watchers) one();
  }, 30_000);
  return () => {
    watchers.delete(listener);
    if (watchers.size > 0 || !ticking) return;
    clearInterval(ticking);
    ticking = null;
  };
}
