// Words and colours of the chat, with the chat itself beside them.
import type { WebChatSettings } from "@/contract";
import { cx } from "@/shared/ui/cx";
import { Field, Input, TextArea } from "@/shared/ui/field";
import { Section } from "@/shared/ui/pane";
import type { TabProps } from "./channel-page";
import { isColour } from "./colour";
import { WidgetPreview } from "./widget-preview";
import { limits, wrongWith } from "./wrong";

const swatches = [
  ["Indigo", "#5b5bd6"],
  ["Blue", "#0d74ce"],
  ["Teal", "#0d8a80"],
  ["Green", "#2b7a3d"],
  ["Orange", "#c2500f"],
  ["Pink", "#c2298a"],
  ["Black", "#16161d"],
] as const;

export function LooksTab({ channel, change }: TabProps) {
  const { settings } = channel;
  const wrong = wrongWith(channel);
  const set = (part: Partial<WebChatSettings>): void => change({ ...channel, settings: { ...settings, ...part } });
  return (
    <div className="flex flex-col gap-10 lg:flex-row">
      <div className="min-w-0 flex-1">
        <Section title="Words">
          <Field label="Title" error={wrong.title}>
            {(field) => (
              <Input
                value={settings.title}
                maxLength={limits.title}
                onChange={(event) => set({ title: event.target.value })}
                {...field}
              />
            )}
          </Field>
          <Field label="Greeting" hint="The first thing a customer reads.">
            {(field) => (
              <TextArea
                rows={3}
                maxLength={limits.greeting}
                value={settings.greeting}
                onChange={(event) => set({ greeting: event.target.value })}
                {...field}
              />
            )}
          </Field>
          <Field label="Answer time" hint="Be honest: people wait more gladly when they know how long.">
            {(field) => (
              <Input
                value={settings.reply_time}
                maxLength={limits.reply_time}
                onChange={(event) => set({ reply_time: event.target.value })}
                {...field}
              />
            )}
          </Field>
          <Field label="Text on the button" hint="Empty shows only the picture.">
            {(field) => (
              <Input
                value={settings.launcher_text}
                maxLength={limits.launcher_text}
                onChange={(event) => set({ launcher_text: event.target.value })}
                {...field}
              />
            )}
          </Field>
        </Section>
        <Section title="Colour">
          <div role="group" aria-label="Colour" className="flex flex-wrap gap-2">
            {swatches.map(([name, value]) => (
              <button
                key={value}
                type="button"
                aria-label={name}
                aria-pressed={settings.color.toLowerCase() === value}
                title={name}
                onClick={() => set({ color: value })}
                className={cx(
                  "size-8 rounded-full border-2 border-raised",
                  settings.color.toLowerCase() === value ? "ring-2 ring-text" : "ring-1 ring-line-strong",
                )}
                style={{ background: value }}
              />
            ))}
          </div>
          <Field label="Your own" error={wrong.color}>
            {(field) => (
              <div className="flex gap-2">
                <input
                  type="color"
                  aria-label="Pick a colour"
                  value={isColour(settings.color) ? settings.color : "#5b5bd6"}
                  onChange={(event) => set({ color: event.target.value })}
                  className="h-8 w-10 shrink-0 rounded-md border border-line-strong/80 bg-raised p-1"
                />
                <Input
                  className="nums max-w-32 font-mono"
                  value={settings.color}
                  maxLength={7}
                  onChange={(event) => set({ color: event.target.value })}
                  {...field}
                />
              </div>
            )}
          </Field>
        </Section>
        <Section title="Corner">
          <div role="group" aria-label="Corner" className="flex gap-2">
            {(["left", "right"] as const).map((side) => (
              <button
                key={side}
                type="button"
                aria-pressed={settings.position === side}
                onClick={() => set({ position: side })}
                className={cx(
                  "h-8 rounded-md border px-3 text-sm",
                  settings.position === side
                    ? "border-accent bg-accent-soft font-medium text-accent-text"
                    : "border-line-strong/80 bg-raised hover:bg-hover",
                )}
              >
                Bottom {side}
              </button>
            ))}
          </div>
        </Section>
      </div>
      <div className="lg:w-[340px]">
        <div className="flex justify-center rounded-xl border border-line bg-canvas px-5 py-7 lg:sticky lg:top-8">
          <WidgetPreview settings={settings} />
        </div>
      </div>
    </div>
  );
}
