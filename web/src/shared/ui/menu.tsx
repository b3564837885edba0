// Menus: our look on Radix's behaviour.
import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Keys } from "./kbd";

export const Menu = DropdownMenu.Root;
export const MenuTrigger = DropdownMenu.Trigger;

export const floating = "z-50 rounded-lg bg-raised p-1 text-sm text-text shadow-float outline-none animate-in";

export function MenuContent({ className, ...rest }: ComponentProps<typeof DropdownMenu.Content>) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        sideOffset={4}
        collisionPadding={8}
        className={cx(
          floating,
          "max-h-[min(420px,var(--radix-dropdown-menu-content-available-height))] min-w-48 overflow-y-auto",
          className,
        )}
        {...rest}
      />
    </DropdownMenu.Portal>
  );
}

interface ItemProps extends Omit<ComponentProps<typeof DropdownMenu.Item>, "children"> {
  icon?: ReactNode;
  hint?: ReactNode;
  keys?: string;
  checked?: boolean;
  danger?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon, hint, keys, checked, danger, className, children, ...rest }: ItemProps) {
  return (
    <DropdownMenu.Item
      className={cx(
        "flex h-8 select-none items-center gap-2 rounded-md px-2 outline-none",
        "data-[highlighted]:bg-hover data-[disabled]:opacity-45 [&_svg]:size-4 [&_svg]:shrink-0",
        danger && "text-red",
        className,
      )}
      {...rest}
    >
      {icon && <span className={cx("flex w-5 justify-center", !danger && "text-text-3")}>{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {hint && <span className="nums pl-4 text-xs text-text-3">{hint}</span>}
      {keys && <Keys keys={keys} />}
      {checked && <Check aria-label="chosen" className="text-accent-text" />}
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-2xs font-medium text-text-3">{children}</DropdownMenu.Label>
  );
}

export const MenuLine = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />;
