import type { ComponentProps } from "react";
import { cx } from "./cx";

type Look = "primary" | "secondary" | "ghost" | "danger" | "danger-quiet";
type Size = "sm" | "md" | "lg";

const looks: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover font-medium",
  secondary: "bg-raised text-text border border-line-strong/80 hover:bg-hover font-medium",
  ghost: "text-text-2 hover:bg-hover hover:text-text",
  danger: "bg-red-dot text-white hover:brightness-95 font-medium dark:text-white",
  "danger-quiet": "text-red border border-line-strong/80 bg-raised hover:bg-red-soft font-medium",
};

const sizes: Record<Size, string> = {
  sm: "h-7 px-2 text-xs gap-1.5 rounded-md",
  md: "h-8 px-3 text-sm gap-2 rounded-md",
  lg: "h-10 px-4 text-base gap-2 rounded-lg",
};

export interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  size?: Size;
  busy?: boolean;
}

export function Button({
  look = "secondary",
  size = "md",
  busy = false,
  className,
  disabled,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(
        "inline-flex shrink-0 items-center justify-center whitespace-nowrap select-none",
        "transition-[background-color,filter] duration-100 disabled:opacity-55",
        looks[look],
        sizes[size],
        className,
      )}
      {...rest}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

export function Spinner() {
  return (
    <span
      aria-hidden
      className="size-3.5 animate-spin rounded-full border-2 border-current border-r-transparent opacity-80"
    />
  );
}
