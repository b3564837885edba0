// What a feature module brings to the app. Each module's index.ts is one of these; src/app joins them.
import type { AnyRoute } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { ContactBrief, Permission } from "@/contract";
import type { Command, CommandSource } from "./commands/commands";
import type { LiveHandlers } from "./live/on";

export interface NavEntry {
  label: string;
  to: string;
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
  /** Screens inside the app shell. */
  routes?: AnyRoute[];
  /** Screens inside the settings. */
  settings?: AnyRoute[];
  /** Screens for people who are not signed in. */
  open?: AnyRoute[];
  nav?: NavEntry[];
  /** A section of its own in the rail. */
  rail?: ComponentType<{ open: boolean }>;
  /** Runs while the shell is shown: things that listen, keys that always work. */
  background?: ComponentType;
  live?: LiveHandlers[];
  commands?: (go: (to: string) => void) => Command[];
  search?: (go: (to: string) => void) => CommandSource;
  slots?: Partial<Slots>;
}
