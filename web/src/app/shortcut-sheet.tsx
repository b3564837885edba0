// All keys that work on the screen one is looking at.
import { keySheet, shortcuts, type Shortcut } from "@/shared/keys/shortcuts";
import { useStore } from "@/shared/store";
import { Dialog } from "@/shared/ui/dialog";
import { Keys } from "@/shared/ui/kbd";

const order = ["Everywhere", "Go to", "List", "Conversation", "Composer"];

export function ShortcutSheet() {
  const all = useStore(shortcuts);
  return (
    <Dialog open onOpenChange={(open) => keySheet.set(open)} title="Keys" wide>
      <div className="columns-1 gap-8 sm:columns-2">
        {groupsOf(all).map(([group, list]) => (
          <section key={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-medium text-text-3">{group}</h3>
            <ul>
              {list.map((one) => (
                <li
                  key={one.keys}
                  className="flex h-8 items-center justify-between border-b border-line/60 text-sm last:border-b-0"
                >
                  {one.label}
                  <span className="sr-only">{one.keys}</span>
                  <Keys keys={one.keys} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function groupsOf(all: Shortcut[]): [string, Shortcut[]][] {
  const seen = new Map<string, Map<string, Shortcut>>();
  for (const one of all) {
    const group = seen.get(one.group) ?? new Map<string, Shortcut>();
    if (!group.has(one.keys)) group.set(one.keys, one);
    seen.set(one.group, group);
  }
  return [...seen]
    .map(([name, group]): [string, Shortcut[]] => [name, [...group.values()]])
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}
