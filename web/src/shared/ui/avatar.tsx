import type { ReactNode } from "react";
import { cx } from "./cx";
import { hueOf, initials } from "./initials";

const sizes = {
  xs: "size-5 text-[9px]",
  sm: "size-6 text-[10px]",
  md: "size-8 text-xs",
  lg: "size-9 text-sm",
  xl: "size-12 text-lg",
};

interface AvatarProps {
  name: string;
  /** What the colour is made from, so that two Annas differ. */
  seed?: string;
  size?: keyof typeof sizes;
  shape?: "round" | "square";
  corner?: ReactNode;
  className?: string;
}

export function Avatar({ name, seed = name, size = "md", shape = "round", corner, className }: AvatarProps) {
  const hue = hueOf(seed);
  return (
    <span aria-hidden className={cx("relative inline-flex shrink-0", className)}>
      <span
        className={cx(
          "inline-flex select-none items-center justify-center font-semibold",
          shape === "round" ? "rounded-full" : "rounded-md",
          sizes[size],
        )}
        style={{
          background: `light-dark(oklch(0.9 0.055 ${hue}), oklch(0.36 0.07 ${hue}))`,
          color: `light-dark(oklch(0.38 0.11 ${hue}), oklch(0.9 0.06 ${hue}))`,
        }}
      >
        {initials(name)}
      </span>
      {corner}
    </span>
  );
}

const presence = { online: "bg-green-dot", away: "bg-amber-dot", offline: "bg-line-strong" };

export function PresenceDot({ state }: { state: keyof typeof presence }) {
  return (
    <span
      className={cx("absolute -right-0.5 -bottom-0.5 size-2.5 rounded-full border-2 border-surface", presence[state])}
    />
  );
}
