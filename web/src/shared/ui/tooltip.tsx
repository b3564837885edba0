import { Tooltip } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { Keys } from "./kbd";
import { cx } from "./cx";

export const TipProvider = ({ children }: { children: ReactNode }) => (
  <Tooltip.Provider delayDuration={450} skipDelayDuration={200}>
    {children}
  </Tooltip.Provider>
);

export function Tip({
  label,
  keys,
  side = "bottom",
  children,
}: {
  label: ReactNode;
  keys?: string;
  side?: "top" | "bottom" | "left" | "right";
  children: ReactElement;
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cx(
            "z-50 flex max-w-72 items-center gap-2 rounded-md bg-text px-2",
            "py-1 text-xs text-surface shadow-float animate-fade",
          )}
        >
          {label}
          {keys && <Keys keys={keys} inverse />}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
