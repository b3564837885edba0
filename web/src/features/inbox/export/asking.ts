// Somebody wants conversations exported: what the dialog begins with.
import { Download } from "lucide-react";
import type { Command } from "@/shared/commands/commands";
import { session } from "@/shared/session/session";
import { createStore } from "@/shared/store";
import type { ListFilter } from "../model/filter";

export const exporting = createStore<Partial<ListFilter> | null>(null);

export function askExport(filter: Partial<ListFilter> = {}): void {
  // After the menu that asked has closed and given the focus back.
  setTimeout(() => exporting.set(filter), 0);
}

export function exportCommands(): Command[] {
  if (!session.get().me?.permissions.includes("conversations.export")) return [];
  return [
    {
      id: "export conversations",
      label: "Export conversations…",
      group: "Actions",
      icon: Download,
      words: "download csv json file table",
      run: () => askExport(),
    },
  ];
}
