// The words of the inbox, in one place so that every screen says the same.
import type { Activity, LabelMark, Priority, Status } from "@/contract";
import { comingTime } from "@/shared/time";

export const statusNames: Record<Status, string> = {
  open: "Open",
  snoozed: "Snoozed",
  pending: "Pending",
  resolved: "Resolved",
};
export const priorityNames: Record<Priority, string> = {
  none: "No priority",
  low: "Low",
  normal: "Normal",
  high: "High",
  urgent: "Urgent",
};
export const statuses: Status[] = ["open", "snoozed", "pending", "resolved"];
export const priorities: Priority[] = ["urgent", "high", "normal", "low", "none"];

/** A quiet line in the thread: "Ada assigned this to Grace". */
export function sayActivity(
  activity: Activity,
  who: { name: string; kind: string; id: string | null },
  me_id: string,
  now: Date,
): string {
  const name = who.kind === "system" ? "Switchboard" : who.id === me_id ? "You" : who.name;
  switch (activity.type) {
    case "assigned":
      if (activity.assignee_id === who.id) return `${name} took this conversation`;
      return `${name} assigned this to ${activity.assignee_id === me_id ? "you" : activity.assignee_name}`;
    case "unassigned":
      return `${name} removed the assignee`;
    case "opened":
      return `${name} opened this again`;
    case "pended":
      return `${name} set this to pending`;
    case "snoozed":
      return `${name} snoozed this until ${comingTime(activity.until, now)}`;
    case "woken":
      return "The snooze ended";
    case "resolved":
      return `${name} resolved this`;
    case "labeled": {
      const added = listed(activity.added);
      const removed = listed(activity.removed);
      if (!removed) return `${name} added ${added}`;
      return added ? `${name} added ${added} and removed ${removed}` : `${name} removed ${removed}`;
    }
    case "prioritized":
      return activity.priority === "none"
        ? `${name} removed the priority`
        : `${name} set the priority to ${priorityNames[activity.priority].toLowerCase()}`;
  }
}

/** "Billing", "Billing and Order", "Billing, Order and Urgent". */
function listed(labels: readonly LabelMark[]): string {
  const names = labels.map((one) => one.name);
  const last = names.pop();
  return names.length > 0 ? `${names.join(", ")} and ${last}` : (last ?? "");
}
