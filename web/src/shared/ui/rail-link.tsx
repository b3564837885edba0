import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Tip } from "./tooltip";

interface RailLinkProps {
  open: boolean;
  /** Where it leads, made with `linkOptions`. */
  link: LinkProps;
  icon: ReactNode;
  label: string;
  keys?: string | undefined;
  count?: number | undefined;
  isHere: boolean;
}

/** One line of the rail; folded, it is its icon with the number on the corner. */
export function RailLink({ open, link, icon, label, keys, count, isHere }: RailLinkProps) {
  const line = (
    <Link
      {...link}
      aria-current={isHere ? "page" : undefined}
      aria-label={count ? `${label}, ${count}` : label}
      className={cx(
        "relative flex h-8 items-center gap-2.5 rounded-md text-sm [&_svg]:size-4 [&_svg]:shrink-0",
        open ? "px-2" : "justify-center",
        isHere
          ? "bg-pressed/75 font-medium text-text [&_svg]:text-accent-text"
          : "text-text-2 hover:bg-hover hover:text-text [&_svg]:text-text-3",
      )}
    >
      {icon}
      {open && <span className="min-w-0 flex-1 truncate">{label}</span>}
      {open && count !== undefined && count > 0 && (
        <span className="nums text-xs font-normal text-text-3">{count}</span>
      )}
      {!open && count !== undefined && count > 0 && (
        <span
          className={cx(
            "nums absolute -top-1 -right-1 min-w-4 rounded-full border border-canvas",
            "bg-pressed px-[3px] text-center text-[9.5px] leading-3.5 text-text-2",
          )}
        >
          {count > 99 ? "99+" : count}
        </span>
      )}
    </Link>
  );
  return open ? (
    line
  ) : (
    <Tip label={label} keys={keys} side="right">
      {line}
    </Tip>
  );
}
