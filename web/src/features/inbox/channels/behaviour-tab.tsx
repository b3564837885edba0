// Where the chat may be shown and how it behaves.
import { useState } from "react";
import type { WebChatSettings } from "@/contract";
import { Field, Input, TextArea } from "@/shared/ui/field";
import { Section } from "@/shared/ui/pane";
import { SwitchRow } from "@/shared/ui/switch";
import type { TabProps } from "./channel-page";
import { readOrigins } from "./origins";
import { limits, wrongWith } from "./wrong";

export function BehaviourTab({ channel, change, changeNow }: TabProps) {
  const { settings } = channel;
  const wrong = wrongWith(channel);
  const set = (part: Partial<WebChatSettings>): void => change({ ...channel, settings: { ...settings, ...part } });
  return (
    <div className="max-w-2xl">
      <Section title="This channel">
        <Field label="Name" hint="Your team sees it in the inbox; customers do not." error={wrong.name}>
          {(field) => (
            <Input
              value={channel.name}
              maxLength={limits.name}
              onChange={(event) => change({ ...channel, name: event.target.value })}
              {...field}
            />
          )}
        </Field>
        <SwitchRow
          label="On"
          hint="Off hides the chat from your site. Conversations stay where they are."
          checked={channel.enabled}
          onChange={(enabled) => changeNow({ ...channel, enabled })}
        />
      </Section>
      <Section
        title="Sites"
        about="Only these may show the chat. One to a line; a star stands for every subdomain. Empty allows any site."
      >
        <Origins
          origins={settings.allowed_origins}
          error={wrong.allowed_origins}
          save={(allowed_origins) => set({ allowed_origins })}
        />
      </Section>
      <Section title="Conversations">
        <SwitchRow
          label="Ask for an e-mail address"
          hint="So that you can answer people who have left."
          checked={settings.ask_email}
          onChange={(ask_email) => changeNow({ ...channel, settings: { ...settings, ask_email } })}
        />
        <Hours
          hours={settings.reopen_within_hours}
          error={wrong.reopen_within_hours}
          save={(reopen_within_hours) => set({ reopen_within_hours })}
        />
      </Section>
    </div>
  );
}

function Origins({
  origins,
  error,
  save,
}: {
  origins: string[];
  error: string | undefined;
  save: (origins: string[]) => void;
}) {
  const [text, setText] = useState(origins.join("\n"));
  const write = (next: string): void => {
    setText(next);
    save(readOrigins(next));
  };
  // An undo comes from outside: then the text follows.
  const shown = readOrigins(text).join("\n") === origins.join("\n") ? text : origins.join("\n");
  return (
    <Field label="Allowed sites" error={error}>
      {(field) => (
        <TextArea
          rows={4}
          spellCheck={false}
          placeholder={"https://shop.example\nhttps://*.shop.example"}
          className="font-mono text-xs leading-5"
          value={shown}
          onChange={(event) => write(event.target.value)}
          {...field}
        />
      )}
    </Field>
  );
}

function Hours({ hours, error, save }: { hours: number; error: string | undefined; save: (hours: number) => void }) {
  return (
    <Field
      label="Open a resolved conversation again within"
      hint="A message that comes later starts a new one."
      error={error}
    >
      {(field) => (
        <div className="flex items-center gap-2">
          <Input
            type="number"
            min={0}
            max={limits.hours}
            className="nums max-w-24"
            value={Number.isNaN(hours) ? "" : hours}
            onChange={(event) => save(event.target.valueAsNumber)}
            {...field}
          />
          <span className="text-sm text-text-2">hours</span>
        </div>
      )}
    </Field>
  );
}
