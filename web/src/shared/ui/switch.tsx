import { Switch as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";
import { cx } from "./cx";

/** A setting that is on or off, with a sentence saying what on means. */
export function SwitchRow({
  label,
  hint,
  checked,
  onChange,
  disabled,
}: {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-6">
      <div>
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="mt-0.5 text-xs text-text-3">
            {hint}
          </p>
        )}
      </div>
      <Radix.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={cx(
          "relative mt-0.5 h-5 w-9 shrink-0 rounded-full bg-line-strong transition-colors",
          "duration-150 data-[state=checked]:bg-accent disabled:opacity-50",
        )}
      >
        <Radix.Thumb
          className={cx(
            "block size-4 translate-x-0.5 rounded-full bg-white shadow-sm",
            "transition-transform duration-150 data-[state=checked]:translate-x-[18px]",
          )}
        />
      </Radix.Root>
    </div>
  );
}
