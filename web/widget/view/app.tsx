/** @jsxImportSource preact */
// The launcher, and the panel when it is open.
import { useEffect, useRef } from "preact/hooks";
import { inkOn, isColour } from "@/features/inbox/channels/colour";
import { useStore } from "@/shared/store";
import type { Memory } from "../memory";
import type { Chat } from "../model/chat";
import { unreadOf } from "../model/threads";
import { ChatIcon, DownIcon } from "./icons";
import { Panel } from "./panel";

export function App({ chat, memory }: { chat: Chat; memory: Memory }) {
  const state = useStore(chat.state);
  const { config, is_open } = state;
  const launcher = useRef<HTMLButtonElement>(null);
  const was_open = useRef(false);
  useEffect(() => {
    if (was_open.current && !is_open) launcher.current?.focus();
    was_open.current = is_open;
  }, [is_open]);
  const unread = unreadOf(state.conversations);
  const brand = isColour(config.color) ? config.color : "#5b5bd6";
  const label = is_open
    ? "Close chat"
    : unread > 0
      ? `Open chat, ${unread} unread`
      : config.launcher_text || "Open chat";
  return (
    <div class={`widget ${config.position} ${is_open ? "open" : ""}`} style={`--brand:${brand};--ink:${inkOn(brand)}`}>
      {is_open && <Panel chat={chat} state={state} memory={memory} />}
      <button
        ref={launcher}
        type="button"
        class={`launcher ${config.launcher_text && !is_open ? "wide" : ""}`}
        aria-expanded={is_open}
        aria-label={label}
        onClick={() => (is_open ? chat.close() : chat.open())}
      >
        {is_open ? <DownIcon size={26} /> : <ChatIcon size={26} />}
        {config.launcher_text && !is_open && <span>{config.launcher_text}</span>}
        {unread > 0 && !is_open && (
          <span class="badge" aria-hidden="true">
            {unread > 9 ? "9+" : unread}
          </span>
        )}
      </button>
    </div>
  );
}
