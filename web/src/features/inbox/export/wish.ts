// What the dialog's fields say, and what is asked for then.
import type { NewExport } from "@/contract";
import type { ListFilter } from "../model/filter";

export interface Wish {
  format: NewExport["format"];
  status: ListFilter["status"];
  channel_id: string;
  label_id: string;
  /** Days as a date field has them, or nothing. */
  first_day: string;
  last_day: string;
  with_notes: boolean;
}

export function wishOf(filter: Partial<ListFilter>): Wish {
  return {
    format: "csv",
    status: filter.status ?? "any",
    channel_id: filter.channel_id ?? "",
    label_id: filter.label_id ?? "",
    first_day: "",
    last_day: "",
    with_notes: false,
  };
}

/** What is wrong with the days, if something is. */
export function wrongDays({ first_day, last_day }: Wish): string | undefined {
  return first_day && last_day && last_day < first_day ? "The last day is before the first one." : undefined;
}

export function exportOf(wish: Wish): NewExport {
  const { format, status, channel_id, label_id, first_day, last_day, with_notes } = wish;
  return {
    format,
    with_notes,
    ...(status === "any" ? {} : { status }),
    ...(channel_id ? { channel_id } : {}),
    ...(label_id ? { label_id } : {}),
    ...(first_day ? { since: midnight(first_day, 0) } : {}),
    ...(last_day ? { until: midnight(last_day, 1) } : {}),
  };
}

/** The beginning of a day where one is, or of one so many days later. */
function midnight(day: string, later: number): string {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}
