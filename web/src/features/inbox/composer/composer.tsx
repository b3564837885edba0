// Where one answers. Says clearly who will read it, keeps what is begun, and warns before two people answer at once.
import { useQueryClient } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useRef, useState } from "react";
import type { Conversation } from "@/contract";
import { useShortcuts } from "@/shared/keys/shortcuts";
import { type Content, isBlank, joined, textOf } from "@/shared/rich/document";
import { useMay } from "@/shared/session/session";
import { cx } from "@/shared/ui/cx";
import { part, usePart } from "@/shared/ui/lazily";
import type { Typist } from "../model/signals";
import type { Box, BoxProps } from "./box";
import { ColleagueTyping, Foot, ModeSwitch } from "./composer-parts";
import { type Draft, loadDraft, type Mode, saveDraft } from "./drafts";
import { HeldReply } from "./held-reply";
import { send } from "./outbox";
import { PlainBox } from "./plain-box";
import { useTellTyping } from "./use-tell-typing";

interface ComposerProps {
  conversation: Conversation;
  /** Position of the newest message on the screen. */
  seen: number;
  typists: Typist[];
  afterSend: () => void;
}

const MAX = 20_000;

const editor = part(async () => (await import("./editor/rich-box")).RichBox);

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
  const box = useRef<Box>(null);
  const [draft, setDraft] = useState(() => loadDraft(conversation.id));
  const { mode } = draft;
  const content = draft[mode];
  const tellTyping = useTellTyping(conversation.id);
  const RichBox = usePart(editor);
  // Whoever has begun is not interrupted by an editor that comes late.
  const [hasBegun, setBegun] = useState(false);
  const n_over = Array.from(textOf(content).trim()).length - MAX;

  const change = (next: Draft): void => {
    setDraft(next);
    saveDraft(conversation.id, next);
  };
  const write = (next: Content): void => {
    change({ ...draft, [mode]: next });
    if (mode === "reply") tellTyping(!isBlank(next));
  };
  const turnTo = (next: Mode): void => {
    change({ ...draft, mode: next });
    tellTyping(false);
    box.current?.focus();
  };
  const post = (): void => {
    if (isBlank(content) || n_over > 0) return;
    const said = typeof content === "string" ? { text: content.trim() } : { text: textOf(content), rich: content };
    send(cache, { conversation_id: conversation.id, kind: mode, ...said, seen });
    tellTyping(false);
    change({ ...draft, [mode]: "" });
    afterSend();
  };
  const leave = (): void => {
    // What is begun stays where it is, and so does the button that is about to be clicked.
    if (isBlank(content)) setBegun(false);
    tellTyping(false);
  };
  const boxProps: BoxProps = {
    ref: box,
    mode,
    content,
    label: mode === "reply" ? `Reply to ${conversation.contact.name}` : "Note for the team",
    placeholder: mode === "reply" ? "Write a reply…" : "Write a note for the team…",
    write,
    post,
    leave,
    foot: <Foot mode={mode} n_over={n_over} isBlank={isBlank(content)} post={post} />,
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
        edit={(kind, back) => change({ ...draft, mode: kind, [kind]: joined(back, draft[kind]) })}
      />
      <ColleagueTyping typists={typists} />
      <div
        className={cx(
          "@container rounded-xl border transition-colors duration-150 focus-within:border-line-strong",
          mode === "note"
            ? "border-note-line bg-note focus-within:border-amber-dot"
            : "border-line-strong/80 bg-raised",
        )}
      >
        <ModeSwitch mode={mode} turnTo={turnTo} name={conversation.contact.name} />
        {RichBox && !hasBegun ? <RichBox {...boxProps} /> : <PlainBox {...boxProps} begin={() => setBegun(true)} />}
      </div>
    </div>
  );
}
