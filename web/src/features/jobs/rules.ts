// What a job is called, and how far it has come.
import type { Job } from "@/contract";

const names: Record<string, string> = {
  "conversations.export": "Export of conversations",
  "tenant.sweep": "Daily clean-up",
};

export function nameOf({ kind }: Pick<Job, "kind">): string {
  return names[kind] ?? kind;
}

export function isOver({ state }: Pick<Job, "state">): boolean {
  return state === "finished" || state === "failed" || state === "cancelled";
}

/** From 0 to 1; null when nobody knows of how many. */
export function partOf({ done, total, state }: Pick<Job, "done" | "total" | "state">): number | null {
  if (state === "finished") return 1;
  if (total == null || total <= 0) return null;
  return Math.min(1, Math.max(0, done / total));
}

/** How far all that runs has come together; null when nobody knows. */
export function partOfAll(jobs: Job[]): number | null {
  const parts = jobs.map(partOf);
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0) / known.length;
}
