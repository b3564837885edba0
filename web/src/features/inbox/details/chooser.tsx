// The choices as a list in the middle of the screen, for those who use keys.
import { Command } from "cmdk";
import { Check } from "lucide-react";
import { useState } from "react";
import type { InboxItem } from "@/contract";
import { useStore } from "@/shared/store";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Field, Input } from "@/shared/ui/field";
import { Finder } from "@/shared/ui/finder";
import { LabelChooser } from "../label/label-chooser";
import { useActions } from "../model/actions";
import { choosing } from "./choosing";
import { fieldValue } from "./snooze-times";
import { type Option, useOptions } from "./use-options";
import { cx } from "@/shared/ui/cx";

const titles = { assign: "Assign to", snooze: "Snooze until", priority: "Set the priority" };
const close = (): void => choosing.set(null);

export function Chooser({ item }: { item: InboxItem }) {
  const asked = useStore(choosing);
  const options = useOptions(item);
  if (!asked) return null;
  if (asked.what === "time") return <SnoozeTime item={item} />;
  if (asked.what === "labels") return <LabelChooser item={item} close={close} />;
  const { what } = asked;
  return (
    <Finder title={titles[what]} close={close}>
      <OptionList title={titles[what]} options={options[what]} />
    </Finder>
  );
}

function OptionList({ title, options }: { title: string; options: Option[] }) {
  return (
    <Command label={title} loop>
      <Command.Input
        autoFocus
        placeholder={`${title}…`}
        data-quiet-focus
        className="h-11 w-full border-b border-line bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="max-h-80 overflow-y-auto p-1.5">
        <Command.Empty className="py-6 text-center text-text-3">Nothing found.</Command.Empty>
        {options.map((option) => (
          <Command.Item
            key={option.id}
            value={option.label}
            onSelect={() => {
              close();
              setTimeout(option.run, 0);
            }}
            className={cx(
              "flex h-9 items-center gap-3 rounded-md px-2.5 text-sm",
              "data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-text-3",
            )}
          >
            <span className="flex w-5 justify-center">{option.icon}</span>
            <span className="flex-1 truncate">{option.label}</span>
            {option.hint && <span className="nums text-xs text-text-3">{option.hint}</span>}
            {option.isChosen && <Check aria-label="chosen" />}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}

function SnoozeTime({ item }: { item: InboxItem }) {
  const actions = useActions();
  const [value, setValue] = useState(() => fieldValue(new Date(Date.now() + 3_600_000)));
  const until = new Date(value);
  const isPast = !(until.getTime() > Date.now());
  const snooze = (): void => {
    close();
    actions.setStatus(item.conversation.id, "snoozed", until.toISOString());
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title="Snooze until"
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" disabled={isPast} onClick={snooze}>
            Snooze
          </Button>
        </>
      }
    >
      <Field label="Day and time" error={isPast ? "Choose a time that is still to come." : undefined}>
        {(field) => (
          <Input
            type="datetime-local"
            autoFocus
            value={value}
            min={fieldValue(new Date())}
            onChange={(event) => setValue(event.target.value)}
            {...field}
          />
        )}
      </Field>
    </Dialog>
  );
}
