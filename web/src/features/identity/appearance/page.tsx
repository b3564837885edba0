// How the app looks on this device.
import { Monitor, Moon, Sun } from "lucide-react";
import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";
import { changeAppearance, type Density, type Theme, useAppearance } from "@/shared/theme";
import { Page, Section } from "@/shared/ui/pane";
import { cx } from "@/shared/ui/cx";

export function AppearancePage() {
  const { theme, density } = useAppearance();
  return (
    <Page title="Appearance" about="For you, on this device.">
      <Section title="Theme">
        <Choices label="Theme" value={theme} onChange={(value) => changeAppearance({ theme: value as Theme })}>
          <Choice value="system" label="System" picture={<Monitor aria-hidden />} hint="As your device says" />
          <Choice value="light" label="Light" picture={<Sun aria-hidden />} />
          <Choice value="dark" label="Dark" picture={<Moon aria-hidden />} />
        </Choices>
      </Section>
      <Section title="Density" about="How much room a row of the conversation list takes.">
        <Choices label="Density" value={density} onChange={(value) => changeAppearance({ density: value as Density })}>
          <Choice
            value="comfortable"
            label="Comfortable"
            picture={<Rows gap={7} n={3} />}
            hint="Name and a line of preview"
          />
          <Choice
            value="compact"
            label="Compact"
            picture={<Rows gap={3} n={5} />}
            hint="More conversations at a glance"
          />
        </Choices>
      </Section>
    </Page>
  );
}

function Choices({
  label,
  value,
  onChange,
  children,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <RadioGroup.Root aria-label={label} value={value} onValueChange={onChange} className="grid gap-3 sm:grid-cols-3">
      {children}
    </RadioGroup.Root>
  );
}

function Choice({ value, label, hint, picture }: { value: string; label: string; hint?: string; picture: ReactNode }) {
  return (
    <RadioGroup.Item
      value={value}
      className={cx(
        "flex flex-col items-start gap-2 rounded-lg border border-line-strong/80 bg-raised p-3.5",
        "text-left hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft",
        "data-[state=checked]:ring-1 data-[state=checked]:ring-accent [&_svg]:size-4.5",
      )}
    >
      <span className="flex h-6 items-center text-text-2">{picture}</span>
      <span>
        <span className="block text-sm font-medium">{label}</span>
        {hint && <span className="block text-xs text-text-2">{hint}</span>}
      </span>
    </RadioGroup.Item>
  );
}

function Rows({ gap, n }: { gap: number; n: number }) {
  return (
    <span aria-hidden className="flex w-8 flex-col" style={{ gap }}>
      {Array.from({ length: n }, (_, index) => (
        <span
          key={index}
          className="h-[2px] rounded bg-current opacity-70"
          style={{ width: index % 2 ? "70%" : "100%" }}
        />
      ))}
    </span>
  );
}
