// Where one writes with formatting: an editor that keeps to our documents. Enter sends, as everywhere.
import { Editor } from "@tiptap/core";
import { Slice } from "@tiptap/pm/model";
import { EditorState, Selection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { byFinger, sends } from "@/shared/media";
import { blocksOf, type Content, contentOf } from "@/shared/rich/document";
import { cx } from "@/shared/ui/cx";
import type { BoxProps } from "../box";
import { blocksIn, treeOf } from "./convert";
import { cleaned } from "./paste";
import { extensions } from "./schema";
import { Suggestions, type SuggestionKeys } from "./suggestions";
import { Toolbar } from "./toolbar";

export function RichBox(props: BoxProps) {
  const { ref, mode, content, label, placeholder, foot } = props;
  const place = useRef<HTMLDivElement>(null);
  const newest = useRef(props);
  const suggestions = useRef<SuggestionKeys>(null);
  // What the editor holds, so that its own words are not put into it again.
  const held = useRef<Content>("");
  const [editor, setEditor] = useState<Editor | null>(null);
  useLayoutEffect(() => {
    newest.current = props;
  });

  useLayoutEffect(() => {
    const made = new Editor({
      element: place.current,
      extensions,
      editorProps: {
        handleKeyDown: (view, event) => press(view, event, newest.current, suggestions.current),
        transformPastedHTML: cleaned,
        clipboardTextParser: (text, _context, _isPlain, view) => {
          const lines = treeOf(blocksOf(text.replace(/\r\n?/g, "\n")));
          // Its first line goes on where the caret stands, and the text behind goes on where its last line ends.
          return new Slice(view.state.schema.nodeFromJSON(lines).content, 1, 1);
        },
      },
      onUpdate: ({ editor }) => {
        held.current = contentOf(blocksIn(editor.getJSON()));
        newest.current.write(held.current);
      },
      onBlur: () => newest.current.leave(),
    });
    setEditor(made);
    return () => made.destroy();
  }, []);

  useLayoutEffect(() => {
    if (!editor || held.current === content) return;
    held.current = content;
    put(editor, content);
  }, [editor, content]);
  useEffect(() => {
    if (!editor) return;
    const attributes = {
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": label,
      "aria-placeholder": placeholder,
      enterkeyhint: byFinger() ? "enter" : "send",
      "data-quiet-focus": "",
      class: "rich max-h-[40vh] min-h-13 overflow-y-auto px-3.5 py-1.5 text-message outline-none",
    };
    editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes } });
  }, [editor, label, placeholder]);
  useImperativeHandle(ref, () => ({ focus: () => editor?.view.focus(), blur: () => editor?.view.dom.blur() }), [
    editor,
  ]);

  return (
    <>
      <div className="relative">
        <div ref={place} />
        {content === "" && (
          <span aria-hidden className={cx("pointer-events-none absolute top-1.5 left-3.5 text-message text-text-3")}>
            {placeholder}
          </span>
        )}
      </div>
      {editor && <Suggestions ref={suggestions} editor={editor} mode={mode} />}
      <div className="flex min-h-9.5 items-center gap-3 px-2 pb-2">
        {editor && <Toolbar editor={editor} />}
        {foot}
      </div>
    </>
  );
}

/** Puts in other words, and forgets what could be undone: it was about those before. */
function put(editor: Editor, content: Content): void {
  const { schema, plugins } = editor.state;
  const doc = schema.nodeFromJSON(treeOf(blocksOf(content)));
  editor.view.updateState(EditorState.create({ doc, plugins, selection: Selection.atEnd(doc) }));
}

let is_breaking = false;

function press(view: EditorView, event: KeyboardEvent, box: BoxProps, suggestions: SuggestionKeys | null): boolean {
  if (is_breaking || view.composing) return false;
  if (suggestions?.press(event)) return true;
  if (event.key === "Escape") {
    view.dom.blur();
    return true;
  }
  if (event.key !== "Enter") return false;
  if (sends(event, byFinger())) box.post();
  else breakLine(view);
  return true;
}

/** What Enter does elsewhere: a new line, or the next item of a list. */
function breakLine(view: EditorView): void {
  is_breaking = true;
  const enter = new KeyboardEvent("keydown", { key: "Enter" });
  view.someProp("handleKeyDown", (handle) => handle(view, enter));
  is_breaking = false;
}
