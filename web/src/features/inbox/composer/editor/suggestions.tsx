// Offers colleagues after @ in a note, and emoji after a colon.
import type { Editor } from "@tiptap/core";
import type { EditorState } from "@tiptap/pm/state";
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useState } from "react";
import { useMembers } from "@/shared/people/members";
import { Avatar } from "@/shared/ui/avatar";
import { cx } from "@/shared/ui/cx";
import type { Mode } from "../drafts";
import { emojiFor } from "./emoji";

export interface SuggestionKeys {
  /** Whether the key was meant for the list. */
  press: (event: KeyboardEvent) => boolean;
}

interface Query {
  sign: "@" | ":";
  text: string;
  from: number;
  to: number;
}

interface Option {
  key: string;
  label: string;
  face: { name: string; seed: string } | string;
  insert: object | string;
}

const MOST = 6;
const LIST = "composer-suggestions";

export function queryAt({ selection, doc }: EditorState): Query | null {
  const { $from, empty, from } = selection;
  if (!empty || $from.parent.type.spec.code) return null;
  const before = doc.textBetween($from.start(), from, undefined, "\ufffc");
  const match = /(?:^|[\s(])(@[\p{L}\p{N}'.-]*(?: [\p{L}\p{N}'.-]*)?|:[a-z_]{2,})$/u.exec(before)?.[1];
  if (!match) return null;
  return { sign: match[0] as Query["sign"], text: match.slice(1), from: from - match.length, to: from };
}

export function Suggestions({ ref, editor, mode }: { ref: Ref<SuggestionKeys>; editor: Editor; mode: Mode }) {
  const [query, setQuery] = useState<Query | null>(null);
  const [active, setActive] = useState(0);
  /** Where somebody wanted no suggestions. */
  const [dismissed, setDismissed] = useState<number | null>(null);
  const options = useOptions(query, mode);
  const isOpen = query !== null && query.from !== dismissed && options.length > 0;
  const chosen = Math.min(active, options.length - 1);

  useEffect(() => {
    const look = (): void => {
      const found = editor.isFocused ? queryAt(editor.state) : null;
      setQuery((before) => (JSON.stringify(before) === JSON.stringify(found) ? before : found));
      if (!found) setDismissed(null);
      setActive(0);
    };
    editor.on("transaction", look).on("blur", look);
    return () => void editor.off("transaction", look).off("blur", look);
  }, [editor]);

  const choose = (option: Option | undefined): void => {
    if (!query || !option) return;
    const { from, to } = query;
    editor
      .chain()
      .focus()
      .insertContentAt({ from, to }, [option.insert, { type: "text", text: " " }])
      .run();
  };
  const press = (event: KeyboardEvent): boolean => {
    if (!isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setActive((chosen + step + options.length) % options.length);
    else if (event.key === "Escape") setDismissed(query.from);
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) choose(options[chosen]);
    else return false;
    event.preventDefault();
    return true;
  };
  useImperativeHandle(ref, () => ({ press }));
  useLayoutEffect(() => {
    const { dom } = editor.view;
    if (!isOpen) return;
    dom.setAttribute("aria-controls", LIST);
    dom.setAttribute("aria-activedescendant", `${LIST}-${chosen}`);
    return () => ["aria-controls", "aria-activedescendant"].forEach((name) => dom.removeAttribute(name));
  }, [editor, isOpen, chosen]);

  if (!isOpen) return null;
  const at = editor.view.coordsAtPos(query.from);
  const left = Math.max(8, Math.min(at.left - 8, window.innerWidth - 248));
  return (
    <ul
      id={LIST}
      role="listbox"
      aria-label={query.sign === "@" ? "Colleagues" : "Emoji"}
      style={{ left, bottom: window.innerHeight - at.top + 6 }}
      className="fixed z-40 w-60 rounded-lg bg-raised p-1 shadow-float animate-in"
    >
      {options.map((option, place) => (
        <li
          key={option.key}
          id={`${LIST}-${place}`}
          role="option"
          aria-selected={place === chosen}
          onMouseDown={(event) => (event.preventDefault(), choose(option))}
          onMouseMove={() => setActive(place)}
          className={cx(
            "flex h-8 cursor-default items-center gap-2.5 rounded-md px-2 text-sm",
            place === chosen && "bg-hover",
          )}
        >
          {typeof option.face === "string" ? (
            <span aria-hidden className="w-5 text-center text-lg">
              {option.face}
            </span>
          ) : (
            <Avatar {...option.face} size="xs" />
          )}
          <span className="truncate">{option.label}</span>
        </li>
      ))}
    </ul>
  );
}

function useOptions(query: Query | null, mode: Mode): Option[] {
  const members = useMembers();
  if (!query) return [];
  if (query.sign === ":")
    return emojiFor(query.text, MOST).map(({ name, sign }) => ({
      key: name,
      label: name.replaceAll("_", " "),
      face: sign,
      insert: { type: "text", text: sign },
    }));
  if (mode !== "note") return [];
  const wanted = query.text.toLowerCase();
  const names = (name: string): boolean => ` ${name.toLowerCase()}`.includes(` ${wanted}`);
  return members
    .filter((one) => names(one.name))
    .slice(0, MOST)
    .map((one) => ({
      key: one.user_id,
      label: one.name,
      face: { name: one.name, seed: one.user_id },
      insert: { type: "mention", attrs: { id: one.user_id, label: one.name } },
    }));
}
