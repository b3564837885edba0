import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Tip } from "./tooltip";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  label: string;
  keys?: string;
  icon: ReactNode;
  pressed?: boolean;
  side?: "top" | "bottom" | "left" | "right";
}

/** A button that is only a picture: its name is read aloud and shown on hover, with its key. */
export function IconButton({ label, keys, icon, pressed, side, className, ...rest }: IconButtonProps) {
  return (
    <Tip label={label} keys={keys} side={side}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={cx(
          "inline-flex size-8 shrink-0 items-center justify-center rounded-md text-text-2",
          "transition-colors duration-100 hover:bg-hover hover:text-text disabled:opacity-40",
          "data-[state=open]:bg-hover data-[state=open]:text-text [&_svg]:size-4",
          pressed && "bg-accent-soft text-accent-text",
          className,
        )}
        {...rest}
      >
        {icon}
      </button>
    </Tip>
  );
}
