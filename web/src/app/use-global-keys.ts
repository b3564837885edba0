// The keys that work on every screen.
import { useNavigate } from "@tanstack/react-router";
import { openPalette, palette } from "@/shared/commands/commands";
import { keySheet, useShortcuts } from "@/shared/keys/shortcuts";
import { useMe } from "@/shared/session/session";
import { undoNewest } from "@/shared/ui/toast";
import { modules } from "./modules";

const entries = modules.flatMap((one) => one.nav ?? []);

export function useGlobalKeys(): void {
  const navigate = useNavigate();
  const me = useMe();
  const pages = entries.filter((entry) => entry.keys && (!entry.needs || me.permissions.includes(entry.needs)));
  useShortcuts([
    {
      keys: "mod+k",
      label: "Find anything",
      group: "Everywhere",
      always: true,
      run: () => (palette.get().open ? palette.set({ open: false, text: "" }) : openPalette()),
    },
    { keys: "?", label: "Show the keys", group: "Everywhere", run: () => keySheet.set(true) },
    { keys: "z", label: "Undo", group: "Everywhere", run: undoNewest },
    { keys: "g s", label: "Settings", group: "Go to", run: () => void navigate({ to: "/settings" }) },
    ...pages.map((entry) => ({
      keys: entry.keys!,
      label: entry.label,
      group: "Go to",
      run: () => void navigate({ to: entry.to }),
    })),
  ]);
}
