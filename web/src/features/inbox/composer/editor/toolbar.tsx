// Formatting by hand. It stays in the background: most messages need none, and who types Markdown needs no buttons.
import type { ChainedCommands, Editor } from "@tiptap/core";
import { Bold, Check, Code, Italic, Link2, List, ListOrdered, type LucideIcon, Quote, X } from "lucide-react";
import { useCallback, useState, useSyncExternalStore } from "react";
import { cx } from "@/shared/ui/cx";
import { IconButton, type IconButtonProps } from "@/shared/ui/icon-button";
import { addressOf } from "./marks";

interface Tool {
  name: string;
  label: string;
  icon: LucideIcon;
  keys?: string;
  run: (chain: ChainedCommands) => ChainedCommands;
}

const tools: Tool[] = [
  { name: "bold", label: "Bold", icon: Bold, keys: "mod+b", run: (chain) => chain.toggleBold() },
  { name: "italic", label: "Italic", icon: Italic, keys: "mod+i", run: (chain) => chain.toggleItalic() },
  { name: "code", label: "Code", icon: Code, keys: "mod+e", run: (chain) => chain.toggleCode() },
  { name: "bulletList", label: "List", icon: List, run: (chain) => chain.toggleBulletList() },
  { name: "orderedList", label: "Numbered list", icon: ListOrdered, run: (chain) => chain.toggleOrderedList() },
  { name: "blockquote", label: "Quote", icon: Quote, run: (chain) => chain.toggleBlockquote() },
];

export function Toolbar({ editor }: { editor: Editor }) {
  const active = useActive(editor);
  const [isLinking, setLinking] = useState(false);
  if (isLinking) return <LinkLine editor={editor} close={() => setLinking(false)} />;
  return (
    <div
      role="toolbar"
      aria-label="Formatting"
      className="hidden min-w-0 items-center overflow-hidden @min-[19rem]:flex"
    >
      {tools.map(({ name, label, icon: Icon, keys, run }) => (
        <ToolButton
          key={name}
          label={label}
          keys={keys}
          icon={<Icon aria-hidden />}
          pressed={active.includes(name)}
          onClick={() => run(editor.chain().focus()).run()}
        />
      ))}
      <ToolButton
        label="Link"
        icon={<Link2 aria-hidden />}
        pressed={active.includes("link")}
        onClick={() => setLinking(true)}
      />
    </div>
  );
}

function ToolButton(props: IconButtonProps) {
  return (
    <IconButton
      side="top"
      className={cx("size-7! [&_svg]:size-3.5!", props.pressed ? "" : "text-text-3!")}
      // The words stay selected.
      onMouseDown={(event) => event.preventDefault()}
      {...props}
    />
  );
}

/** Asks where the selected words shall lead; with nothing selected the address itself is put in. */
function LinkLine({ editor, close }: { editor: Editor; close: () => void }) {
  const [typed, setTyped] = useState(() => String(editor.getAttributes("link").href ?? ""));
  const address = addressOf(typed);
  const leave = (): void => {
    close();
    editor.view.focus();
  };
  const apply = (): void => {
    const { empty } = editor.state.selection;
    const chain = editor.chain().extendMarkRange("link");
    if (typed.trim() === "") chain.unsetMark("link").run();
    else if (!address) return;
    else if (empty && !editor.isActive("link")) chain.insertContent(address).run();
    else chain.setMark("link", { href: address }).run();
    leave();
  };
  return (
    <form
      onSubmit={(event) => (event.preventDefault(), apply())}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        leave();
      }}
      className="flex min-w-0 flex-1 items-center gap-1.5 animate-fade"
    >
      <input
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        aria-label="Address of the link"
        aria-invalid={typed.trim() !== "" && !address}
        placeholder="https://…"
        maxLength={2_000}
        className={cx(
          "h-7 min-w-0 flex-1 rounded-md border border-line bg-transparent px-2 text-sm outline-none",
          "focus:border-accent aria-invalid:border-red-dot",
        )}
      />
      <IconButton label="Set link" side="top" icon={<Check aria-hidden />} type="submit" className="size-7!" />
      <IconButton label="Cancel" side="top" icon={<X aria-hidden />} onClick={leave} className="size-7!" />
    </form>
  );
}

/** What is on where the caret stands, as one text, so that nothing is drawn anew without need. */
function useActive(editor: Editor): string[] {
  const subscribe = useCallback(
    (listener: () => void) => {
      editor.on("transaction", listener);
      return () => void editor.off("transaction", listener);
    },
    [editor],
  );
  const names = [...tools.map((one) => one.name), "link"];
  return useSyncExternalStore(subscribe, () => names.filter((name) => editor.isActive(name)).join()).split(",");
}
