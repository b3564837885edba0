// Where one answers. Says clearly who will read it, keeps what is begun, and warns before two people answer at once.
import { useQueryClient } from "@tanstack/react-query";
import { Lock, SendHorizontal, StickyNote } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import type { Conversation } from "@/contract";
import { useShortcuts } from "@/shared/keys/shortcuts";
import { byFinger, sends } from "@/shared/media";
import { useMay } from "@/shared/session/session";
import { cx } from "@/shared/ui/cx";
import { Keys } from "@/shared/ui/kbd";
import type { Typist } from "../model/signals";
import { ColleagueTyping, ModeSwitch } from "./composer-parts";
import { type Draft, loadDraft, type Mode, saveDraft } from "./drafts";
import { HeldReply } from "./held-reply";
import { send } from "./outbox";
import { useGrowing } from "./use-growing";
import { useTellTyping } from "./use-tell-typing";

interface ComposerProps {
  conversation: Conversation;
  /** Position of the newest message on the screen. */
  seen: number;
  typists: Typist[];
  afterSend: () => void;
}

const MAX = 20_000;

export function Composer(props: ComposerProps) {
  const mayWrite = useMay("conversations.write");
  if (mayWrite) return <OpenComposer {...props} />;
  return (
    <p className="flex items-center gap-2 border-t border-line px-6 py-4 text-sm text-text-3">
      <Lock aria-hidden className="size-4" /> Your role may read conversations but not answer them.
    </p>
  );
}

function OpenComposer({ conversation, seen, typists, afterSend }: ComposerProps) {
  const cache = useQueryClient();
  const box = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState(() => loadDraft(conversation.id));
  const { mode } = draft;
  const text = draft[mode];
  const tellTyping = useTellTyping(conversation.id);
  const n_over = Array.from(text.trim()).length - MAX;
  useGrowing(box, text);

  const change = (next: Draft): void => {
    setDraft(next);
    saveDraft(conversation.id, next);
  };
  const write = (value: string): void => {
    change({ ...draft, [mode]: value });
    if (mode === "reply") tellTyping(value.trim() !== "");
  };
  const turnTo = (next: Mode): void => {
    change({ ...draft, mode: next });
    tellTyping(false);
    box.current?.focus();
  };
  const post = (): void => {
    const ready = text.trim();
    if (ready === "" || n_over > 0) return;
    send(cache, { conversation_id: conversation.id, kind: mode, text: ready, seen });
    tellTyping(false);
    change({ ...draft, [mode]: "" });
    afterSend();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") box.current?.blur();
    if (!sends(event.nativeEvent, byFinger())) return;
    event.preventDefault();
    post();
  };
  useShortcuts([
    { keys: "r", label: "Reply", group: "Conversation", run: () => turnTo("reply") },
    { keys: "n", label: "Write a note", group: "Conversation", run: () => turnTo("note") },
  ]);

  return (
    <div className="shrink-0 px-3 pb-3 md:px-5 md:pb-4">
      <HeldReply
        conversation={conversation}
        newest={seen}
        edit={(kind, back) =>
          change({ ...draft, mode: kind, [kind]: [back, draft[kind]].filter(Boolean).join("\n\n") })
        }
      />
      <ColleagueTyping typists={typists} />
      <div
        className={cx(
          "rounded-xl border transition-colors duration-150 focus-within:border-line-strong",
          mode === "note"
            ? "border-note-line bg-note focus-within:border-amber-dot"
            : "border-line-strong/80 bg-raised",
        )}
      >
        <ModeSwitch mode={mode} turnTo={turnTo} name={conversation.contact.name} />
        <textarea
          ref={box}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={press}
          onBlur={() => tellTyping(false)}
          rows={1}
          enterKeyHint={byFinger() ? "enter" : "send"}
          data-quiet-focus
          aria-label={mode === "reply" ? `Reply to ${conversation.contact.name}` : "Note for the team"}
          placeholder={mode === "reply" ? "Write a reply…" : "Write a note for the team…"}
          className={cx(
            "block max-h-[40vh] min-h-13 w-full resize-none",
            "bg-transparent px-3.5 py-1.5 text-message outline-none",
          )}
        />
        <div className="flex items-center gap-3 px-2 pb-2">
          <span className="hidden items-center gap-1 pl-1.5 text-2xs text-text-3 sm:flex [@media(hover:none)]:hidden">
            <Keys keys="enter" /> sends, <Keys keys="shift+enter" /> new line
          </span>
          {n_over > 0 && (
            <span role="alert" className="nums text-xs text-red">
              {n_over} characters too many
            </span>
          )}
          <button
            type="button"
            onClick={post}
            disabled={text.trim() === "" || n_over > 0}
            className={cx(
              "ml-auto inline-flex h-7.5 items-center gap-1.5 rounded-md px-3 text-sm",
              "font-medium transition-opacity duration-100 disabled:opacity-45",
              mode === "note" ? "bg-note-text text-note" : "bg-accent text-on-accent hover:bg-accent-hover",
            )}
          >
            {mode === "note" ? "Add note" : "Send"}
            {mode === "note" ? (
              <StickyNote aria-hidden className="size-3.5" />
            ) : (
              <SendHorizontal aria-hidden className="size-3.5" />
            )}
          </button>
        </div>
      </div>
    </div>
  );
}
