import { useMemo } from "react";
import type { Conversation, Label } from "@/contract";
import { useLabels } from "./api";

/** The labels of a conversation by name; one that is not known, or no more, is left out. */
export function useLabelsOf({ label_ids }: Pick<Conversation, "label_ids">): Label[] {
  const labels = useLabels();
  return useMemo(() => labels.filter((one) => label_ids.includes(one.id)), [labels, label_ids]);
}
