// The second line of a row: who spoke last and what they said.
import type { LastMessage } from "@/contract";

export interface Preview {
  who: string | null;
  text: string;
  isNote: boolean;
}

export function previewOf(last: LastMessage | null, me_id: string): Preview {
  if (!last) return { who: null, text: "No messages yet", isNote: false };
  const text = last.preview.replace(/\s+/g, " ").trim();
  if (last.kind === "customer" || last.kind === "activity") return { who: null, text, isNote: false };
  const who = last.author.id === me_id ? "You" : (last.author.name.split(" ")[0] ?? last.author.name);
  return { who, text, isNote: last.kind === "note" };
}
