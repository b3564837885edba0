// Puts labels on a conversation and takes them off: any number, and it is done when the list is left.
import { useQueryClient } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Check, Plus } from "lucide-react";
import { useRef, useState } from "react";
import type { InboxItem, Label, Page } from "@/contract";
import { withItem } from "@/shared/api/page";
import { useMay } from "@/shared/session/session";
import { Finder } from "@/shared/ui/finder";
import { toastProblem } from "@/shared/ui/toast";
import { useActions } from "../model/actions";
import { keys } from "../model/api";
import { createLabel, useLabels } from "./api";
import { LabelDot } from "./chip";
import { nextColor } from "./colors";

const LONGEST = 40;

export function LabelChooser({ item, close }: { item: InboxItem; close: () => void }) {
  const { id, label_ids } = item.conversation;
  const labels = useLabels();
  const actions = useActions();
  const mayCreate = useMay("labels.manage");
  const create = useCreate(labels);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(label_ids);
  // What is chosen, also for a label that is still being made when the list is left.
  const newest = useRef(chosen);
  const making = useRef<Promise<void> | null>(null);
  const choose = (next: string[]): void => {
    newest.current = next;
    setChosen(next);
  };

  const toggle = (label_id: string): void => {
    const isOn = newest.current.includes(label_id);
    choose(isOn ? newest.current.filter((one) => one !== label_id) : [...newest.current, label_id]);
    setText("");
  };
  const make = (): void => {
    setText("");
    making.current = create(text.trim()).then((made) => void (made && choose([...newest.current, made.id])));
  };
  const leave = (): void => {
    close();
    const apply = (): void => actions.label(id, newest.current);
    if (making.current) void making.current.then(apply);
    else apply();
  };
  const name = text.trim();
  const isNew = name !== "" && labels.every((one) => one.name.toLowerCase() !== name.toLowerCase());

  return (
    <Finder title="Labels" close={leave}>
      <Command label="Labels" loop>
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          maxLength={LONGEST}
          placeholder={mayCreate ? "Find or make a label…" : "Find a label…"}
          data-quiet-focus
          className="h-11 w-full border-b border-line bg-transparent px-4 text-base outline-none"
        />
        <Command.List className="max-h-80 overflow-y-auto p-1.5">
          {!(mayCreate && isNew) && (
            <Command.Empty className="px-6 py-6 text-center text-text-3">
              {labels.length > 0 || mayCreate
                ? "Nothing found."
                : "There are no labels yet. An administrator makes them."}
            </Command.Empty>
          )}
          {labels.map((one) => (
            <Choice key={one.id} label={one} isChosen={chosen.includes(one.id)} toggle={() => toggle(one.id)} />
          ))}
          {mayCreate && isNew && (
            <Command.Item forceMount value={`make ${name}`} onSelect={make} className={row}>
              <Plus aria-hidden className="size-4 text-text-3" />
              <span className="truncate">Make “{name}”</span>
            </Command.Item>
          )}
        </Command.List>
      </Command>
    </Finder>
  );
}

const row = "flex h-9 items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover";

function Choice({ label, isChosen, toggle }: { label: Label; isChosen: boolean; toggle: () => void }) {
  return (
    <Command.Item value={label.name} onSelect={toggle} className={row}>
      <LabelDot color={label.color} className="mx-1" />
      <span className="flex-1 truncate">{label.name}</span>
      {isChosen && <Check aria-label="chosen" className="size-4 text-accent-text" />}
    </Command.Item>
  );
}

/** Answers the label that was made, or nothing when it was refused, which it says. */
function useCreate(labels: Label[]): (name: string) => Promise<Label | null> {
  const cache = useQueryClient();
  return async (name) => {
    try {
      const made = await createLabel({ name, color: nextColor(labels) });
      cache.setQueryData<Page<Label>>(keys.labels, (page) => page && withItem(page, made));
      return made;
    } catch (error) {
      toastProblem(error, `“${name}” was not made.`);
      return null;
    }
  };
}
