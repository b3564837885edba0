// The labels of the open conversation, beside the thread: taken off here, put on through the chooser.
import { Plus } from "lucide-react";
import type { Conversation } from "@/contract";
import { useMay } from "@/shared/session/session";
import { IconButton } from "@/shared/ui/icon-button";
import { askFor } from "../details/choosing";
import { useActions } from "../model/actions";
import { LabelChip } from "./chip";
import { useLabelsOf } from "./use-labels-of";

export function DetailsLabels({ conversation }: { conversation: Conversation }) {
  const labels = useLabelsOf(conversation);
  const mayWrite = useMay("conversations.write");
  const actions = useActions();
  const { id, label_ids } = conversation;
  const takeOff = (label_id: string): void =>
    actions.label(
      id,
      label_ids.filter((one) => one !== label_id),
    );
  return (
    <div className="flex min-h-8 items-start">
      <dt className="w-[88px] shrink-0 py-1.5 text-sm text-text-3">Labels</dt>
      <dd className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-1">
        {labels.map((one) => (
          <LabelChip key={one.id} label={one} {...(mayWrite ? { remove: () => takeOff(one.id) } : {})} />
        ))}
        {labels.length === 0 && <span className="text-sm text-text-3">None</span>}
        {mayWrite && (
          <IconButton
            label="Change the labels"
            keys="l"
            icon={<Plus />}
            onClick={() => askFor("labels", id)}
            className="size-6"
          />
        )}
      </dd>
    </div>
  );
}
