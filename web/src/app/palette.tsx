// Ctrl/Cmd-K: pages, conversations, people and actions in one list.
import { useNavigate } from "@tanstack/react-router";
import { Command as Cmdk } from "cmdk";
import { CornerDownLeft, Search } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { type Command, palette, screenCommands } from "@/shared/commands/commands";
import { useMe } from "@/shared/session/session";
import { useStore } from "@/shared/store";
import { Finder } from "@/shared/ui/finder";
import { Keys } from "@/shared/ui/kbd";
import { fit } from "./fit";
import { modules } from "./modules";
import { cx } from "@/shared/ui/cx";

export function CommandPalette() {
  // What it was opened with; what is typed is its own.
  const [begin] = useState(() => palette.get().text);
  return (
    <Finder title="Find anything" wide close={close}>
      <Palette begin={begin} />
    </Finder>
  );
}

const close = (): void => palette.set({ open: false, text: "" });

function Palette({ begin }: { begin: string }) {
  const [text, setText] = useState(begin);
  const fixed = useFixedCommands();
  const found = useFound(text.trim());
  const here = useStore(screenCommands);
  const groups: [string, Command[]][] = [
    ["On this conversation", here],
    ["Conversations", found.filter((one) => one.group === "Conversations")],
    ["People", found.filter((one) => one.group === "People")],
    ["Pages", [...fixed, ...found].filter((one) => one.group === "Pages")],
    ["Actions", fixed.filter((one) => one.group === "Actions")],
  ];
  return (
    <Cmdk
      label="Find anything"
      loop
      filter={(_, search, keywords) => fit(search, keywords ?? [])}
      className="flex flex-col"
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden className="size-4 text-text-3" />
        <Cmdk.Input
          value={text}
          onValueChange={setText}
          placeholder="Find a conversation, a person, a page, or do something…"
          className="h-12 flex-1 bg-transparent text-base outline-none"
          data-quiet-focus
        />
        <Keys keys="escape" />
      </div>
      <Cmdk.List className="max-h-[min(420px,56vh)] overflow-y-auto p-1.5">
        <Cmdk.Empty className="py-10 text-center text-sm text-text-3">Nothing found for “{text}”.</Cmdk.Empty>
        {groups.map(
          ([name, list]) =>
            list.length > 0 && (
              <Cmdk.Group
                key={name}
                heading={name}
                className={cx(
                  "[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2",
                  "[&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs",
                  "[&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-text-3",
                )}
              >
                {list.map((one) => (
                  <Row key={one.id} command={one} found={found.includes(one)} text={text} />
                ))}
              </Cmdk.Group>
            ),
        )}
      </Cmdk.List>
    </Cmdk>
  );
}

/** What the server found stays in the list whatever the local filter thinks of it. */
function Row({ command, found, text }: { command: Command; found: boolean; text: string }) {
  const run = (): void => {
    close();
    // After the palette has given the focus back, so that the command may take it.
    setTimeout(command.run, 0);
  };
  return (
    <Cmdk.Item
      value={command.id}
      keywords={found ? [text, command.label] : [command.label, command.words ?? ""]}
      onSelect={run}
      className="group flex h-9 items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-hover"
    >
      {command.icon && <command.icon aria-hidden className="size-4 shrink-0 text-text-3" />}
      <span className="max-w-[60%] shrink-0 truncate">{command.label}</span>
      {command.hint && <span className="min-w-0 truncate text-text-3">{command.hint}</span>}
      <span className="ml-auto flex items-center gap-2">
        {command.keys && <Keys keys={command.keys} />}
        <CornerDownLeft aria-hidden className="size-3.5 text-text-3 opacity-0 group-data-[selected=true]:opacity-100" />
      </span>
    </Cmdk.Item>
  );
}

function useFixedCommands(): Command[] {
  const navigate = useNavigate();
  const me = useMe();
  return useMemo(() => {
    const pages = modules
      .flatMap((one) => one.nav ?? [])
      .filter((entry) => !entry.needs || me.permissions.includes(entry.needs));
    return [
      ...pages.map((entry): Command => ({
        id: `page ${entry.to}`,
        label: entry.label,
        group: "Pages",
        icon: entry.icon,
        ...(entry.keys ? { keys: entry.keys } : {}),
        run: () => void navigate({ to: entry.to }),
      })),
      ...modules.flatMap((one) => one.commands?.(navigate) ?? []),
    ];
  }, [navigate, me]);
}

function useFound(text: string): Command[] {
  const navigate = useNavigate();
  const [found, setFound] = useState<Command[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(
      () => {
        const asked = modules.flatMap((one) => (one.search ? [one.search(navigate)(text, controller.signal)] : []));
        void Promise.allSettled(asked).then((answers) => {
          if (!controller.signal.aborted)
            setFound(answers.flatMap((one) => (one.status === "fulfilled" ? one.value : [])));
        });
      },
      text ? 140 : 0,
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, navigate]);
  return found;
}
