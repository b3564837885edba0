// What opens over every page: the palette and the list of keys.
import { palette } from "@/shared/commands/commands";
import { keySheet } from "@/shared/keys/shortcuts";
import { useStore } from "@/shared/store";
import { lazily } from "@/shared/ui/lazily";

const CommandPalette = lazily(() => import("./palette").then((one) => one.CommandPalette));
const ShortcutSheet = lazily(() => import("./shortcut-sheet").then((one) => one.ShortcutSheet));

export function Overlays() {
  const isFinding = useStore(palette, ({ open }) => open);
  const listsKeys = useStore(keySheet);
  return (
    <>
      {isFinding && <CommandPalette />}
      {listsKeys && <ShortcutSheet />}
    </>
  );
}
