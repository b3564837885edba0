// The times one snoozes to. Evening and morning are office hours of the person who snoozes.

export interface SnoozeChoice {
  label: string;
  until: Date;
}

const MORNING = 9;
const LAST_HOUR = 21;

export function snoozeChoices(now: Date): SnoozeChoice[] {
  const later = new Date(now);
  later.setHours(now.getHours() + 3, 0, 0, 0);
  const isToday = later.getDate() === now.getDate() && later.getHours() <= LAST_HOUR;
  return [
    ...(isToday ? [{ label: "Later today", until: later }] : []),
    { label: "Tomorrow morning", until: morning(now, 1) },
    { label: "Next week", until: morning(now, daysToMonday(now)) },
  ];
}

function morning(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}

/** One to seven days: on a Monday, next week is a week away. */
export function daysToMonday(now: Date): number {
  return (8 - now.getDay()) % 7 || 7;
}

/** What a date-and-time field wants. */
export function fieldValue(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
