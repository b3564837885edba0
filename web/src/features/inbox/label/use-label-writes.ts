// What a person does to the labels themselves: shown at once, and taken back when it is refused.
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Label, LabelColor, NewLabel, Page } from "@/contract";
import { withItem, withoutItem } from "@/shared/api/page";
import { toast, toastProblem } from "@/shared/ui/toast";
import { keys } from "../model/api";
import { forgetLabel } from "../model/cache";
import { createLabel, deleteLabel, updateLabel } from "./api";

export interface LabelWrites {
  /** Fails with the server's problem, for the form to show. */
  create: (label: NewLabel) => Promise<void>;
  /** Fails likewise. */
  rename: (label: Label, name: string) => Promise<void>;
  recolor: (label: Label, color: LabelColor) => void;
  remove: (label: Label) => Promise<void>;
}

export function useLabelWrites(): LabelWrites {
  const cache = useQueryClient();
  return useMemo(() => {
    const put = (label: Label): unknown =>
      cache.setQueryData<Page<Label>>(keys.labels, (page) => page && withItem(page, label));
    const recolor = async (label: Label, color: LabelColor): Promise<void> => {
      put({ ...label, color });
      try {
        put(await updateLabel(label.id, { color }));
      } catch (error) {
        put(label);
        toastProblem(error, `The colour of “${label.name}” was not changed.`);
      }
    };
    return {
      create: async (label) => void put(await createLabel(label)),
      rename: async (label, name) => {
        put(await updateLabel(label.id, { name }));
        toast(`“${label.name}” is “${name}” now`, () => {
          updateLabel(label.id, { name: label.name }).then(put, (error: unknown) =>
            toastProblem(error, "The name was not changed back."),
          );
        });
      },
      recolor: (label, color) => {
        if (color === label.color) return;
        void recolor(label, color);
        toast(`The colour of “${label.name}” was changed`, () => void recolor({ ...label, color }, label.color));
      },
      remove: async (label) => {
        try {
          await deleteLabel(label.id);
          cache.setQueryData<Page<Label>>(keys.labels, (page) => page && withoutItem(page, label.id));
          forgetLabel(cache, label.id);
          toast(`“${label.name}” is gone`);
        } catch (error) {
          toastProblem(error, `“${label.name}” was not deleted.`);
        }
      },
    };
  }, [cache]);
}
