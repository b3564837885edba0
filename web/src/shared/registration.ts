// What a feature module brings to the app. Each module's index.ts is one of these; src/app joins them.
import type { LinkProps, UseNavigateResult } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { ContactBrief, Permission } from "@/contract";
import type { Command, CommandSource } from "./commands/commands";
import type { LiveHandlers } from "./live/on";

/** The address of a page that needs nothing filled in. */
export type Address = NonNullable<LinkProps["to"]>;

/** Leads to a page. */
export type Go = UseNavigateResult<string>;

export interface NavEntry {
  label: string;
  to: Address;
  icon: LucideIcon;
  keys?: string;
  /** `main` is the rail; the others are pages inside the settings. */
  place: "main" | "workspace" | "personal";
  order: number;
  needs?: Permission;
}

/** Places in one module's screen that another module fills. */
export interface Slots {
  /** The customer, beside a conversation. */
  contact: ComponentType<{ contact: ContactBrief }>;
}

export interface Registration {
  name: string;
  nav?: NavEntry[];
  /** A section of its own in the rail. */
  rail?: ComponentType<{ open: boolean }>;
  /** What it shows at the foot of the rail, over the pages of everyone. */
  tray?: ComponentType<{ open: boolean }>;
  /** Runs while the shell is shown: things that listen, keys that always work. */
  background?: ComponentType;
  live?: LiveHandlers[];
  commands?: (go: Go) => Command[];
  search?: (go: Go) => CommandSource;
  slots?: Partial<Slots>;
}
