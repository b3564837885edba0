// Where the chat may be shown and how it behaves.
import { useState } from "react";
import type { WebChatSettings } from "@/contract";
import { Field, Input, TextArea } from "@/shared/ui/field";
import { Section } from "@/shared/ui/pane";
import { SwitchRow } from "@/shared/ui/switch";
import type { TabProps } from "./channel-page";
import { readOrigins, wrongOrigins } from "./origins";

export function BehaviourTab({ channel, change, changeNow }: TabProps) {
  const { settings } = channel;
  const set = (part: Partial<WebChatSettings>): void => change({ ...channel, settings: { ...settings, ...part } });
  return (
    <div className="max-w-2xl">
      <Section title="This channel">
        <Field label="Name" hint="Your team sees it in the inbox; customers do not.">{(field) => <Input value={channel.name} maxLength={100} onChange={(event) => event.target.value.trim() !== "" && change({ ...channel, name: event.target.value })} {...field} />}</Field>
        <SwitchRow label="On" hint="Off hides the chat from your site. Conversations stay where they are." checked={channel.enabled} onChange={(enabled) => changeNow({ ...channel, enabled })} />
      </Section>
      <Section title="Sites" about="Only these may show the chat. One to a line; a star stands for every subdomain. Empty allows any site.">
        <Origins origins={settings.allowed_origins} save={(allowed_origins) => set({ allowed_origins })} />
      </Section>
      <Section title="Conversations">
        <SwitchRow label="Ask for an e-mail address" hint="So that you can answer people who have left." checked={settings.ask_email} onChange={(ask_email) => changeNow({ ...channel, settings: { ...settings, ask_email } })} />
        <Hours hours={settings.reopen_within_hours} save={(reopen_within_hours) => set({ reopen_within_hours })} />
      </Section>
    </div>
  );
}

function Origins({ origins, save }: { origins: string[]; save: (origins: string[]) => void }) {
  const [text, setText] = useState(origins.join("\n"));
  const wrong = wrongOrigins(readOrigins(text));
  const write = (next: string): void => {
    setText(next);
    const read = readOrigins(next);
    if (wrongOrigins(read).length === 0) save(read);
  };
  return (
    <Field label="Allowed sites" error={wrong.length > 0 ? `Not a site yet: ${wrong.join(", ")}. Write it like https://shop.example.` : undefined}>
      {(field) => <TextArea rows={4} spellCheck={false} placeholder={"https://shop.example\nhttps://*.shop.example"} className="font-mono text-xs leading-5" value={text} onChange={(event) => write(event.target.value)} {...field} />}
    </Field>
  );
}

function Hours({ hours, save }: { hours: number; save: (hours: number) => void }) {
  const [text, setText] = useState(String(hours));
  const value = Number(text);
  const isFine = text.trim() !== "" && Number.isInteger(value) && value >= 0 && value <= 8760;
  const write = (next: string): void => {
    setText(next);
    const read = Number(next);
    if (next.trim() !== "" && Number.isInteger(read) && read >= 0 && read <= 8760) save(read);
  };
  return (
    <Field label="Open a resolved conversation again within" hint="A message that comes later starts a new one." error={isFine ? undefined : "A whole number of hours, at most 8760."}>
      {(field) => <div className="flex items-center gap-2"><Input type="number" min={0} max={8760} className="nums max-w-24" value={text} onChange={(event) => write(event.target.value)} {...field} /> <span className="text-sm text-text-2">hours</span></div>}
    </Field>
  );
}
