/** @jsxImportSource preact */
// The open chat: a dialog that keeps the focus, is left with Esc, and fills the screen of a phone.
import { useEffect, useRef } from "preact/hooks";
import { useStore } from "@/shared/store";
import type { Memory } from "../memory";
import type { Chat } from "../model/chat";
import type { ChatState } from "../model/state";
import { Conversation } from "./conversation";
import { List } from "./list";

export interface Shown {
  chat: Chat;
  state: ChatState;
  memory: Memory;
}

export function Panel({ chat, state, memory }: Shown) {
  const panel = useRef<HTMLDivElement>(null);
  useVisibleHeight(panel);
  useEffect(() => {
    // The composer may have taken the focus already.
    if (!panel.current?.querySelector(":focus")) panel.current?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    // The page's own shortcuts must not hear what is typed here.
    event.stopPropagation();
    if (event.key === "Escape") chat.close();
    if (event.key === "Tab" && panel.current) keepFocus(panel.current, event);
  };
  return (
    <div
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal="true"
      aria-label={state.config.title || "Chat"}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {state.thread === null ? (
        <List chat={chat} state={state} memory={memory} />
      ) : (
        <Conversation key={state.view} chat={chat} state={state} memory={memory} />
      )}
      <Bar chat={chat} state={state} />
    </div>
  );
}

/** Says what is wrong with the connection, above the composer, so that it hides nothing. */
function Bar({ chat, state }: Pick<Shown, "chat" | "state">) {
  const { state: connection } = useStore(chat.live.connection);
  const { notice, is_known } = state;
  const lost =
    connection === "reconnecting"
      ? is_known
        ? "Connection lost. Reconnecting…"
        : "We cannot be reached right now. Trying again…"
      : null;
  const text = connection === "offline" ? "You are offline. Messages are sent when you return." : (notice ?? lost);
  return (
    <div class={`bar ${text ? "shown" : ""} ${lost && text === lost ? "patient" : ""}`} role="status">
      {text}
    </div>
  );
}

function keepFocus(panel: HTMLElement, event: KeyboardEvent): void {
  const all = [
    ...panel.querySelectorAll<HTMLElement>(
      "button:not(:disabled), textarea:not(:disabled), input, a[href], [role=log]",
    ),
  ];
  const [first, last] = [all[0], all.at(-1)];
  const now = (panel.getRootNode() as ShadowRoot).activeElement;
  const leaves = event.shiftKey ? now === first || now === panel : now === last;
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

/** On a phone the keyboard covers the page without resizing it; the composer must stay above. */
function useVisibleHeight(panel: { current: HTMLElement | null }): void {
  useEffect(() => {
    const seen = window.visualViewport;
    const fit = () => seen && panel.current?.style.setProperty("--seen", `${seen.height}px`);
    fit();
    seen?.addEventListener("resize", fit);
    return () => seen?.removeEventListener("resize", fit);
  }, [panel]);
}
