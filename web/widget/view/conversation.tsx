/** @jsxImportSource preact */
// One conversation: what was said, and the place to write.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useStore } from "@/shared/store";
import { groupsOf } from "../model/lines";
import { isNew } from "../model/outbox";
import { Composer } from "./composer";
import { EmailAsk } from "./email-ask";
import { Groups } from "./groups";
import { Header } from "./header";
import { ClockIcon } from "./icons";
import type { Shown } from "./panel";

export function Conversation({ chat, state, memory }: Shown) {
  const { config, conversations, threads, refused, typing } = state;
  const id = state.thread ?? "";
  const outgoing = useStore(chat.outbox.items).filter((one) => one.thread === id);
  const conversation = conversations.find((one) => one.id === id);
  const groups = groupsOf(threads[id], outgoing);
  const is_first = groups.length === 0 && isNew(id);
  const is_loading = !isNew(id) && !threads[id];
  const log = useRef<HTMLDivElement>(null);
  const bubbles = groups.flatMap((group) => group.bubbles);
  useStickyScroll(log, bubbles[0]?.key, bubbles.at(-1)?.key, [typing[id], state.asks_email]);
  return (
    <>
      <Header
        config={config}
        is_large={is_first}
        onBack={conversations.length > 0 ? () => chat.show(null) : null}
        onClose={() => chat.close()}
      />
      <div ref={log} class="log" role="log" aria-label="Messages" aria-live="polite" tabIndex={0}>
        {threads[id]?.has_earlier && (
          <button type="button" class="link earlier" onClick={() => void chat.loadEarlier(id)}>
            Show earlier messages
          </button>
        )}
        {is_loading && groups.length === 0 && <Bones />}
        {is_first && config.reply_time && (
          <p class="reply-time">
            <ClockIcon size={16} />
            {config.reply_time}
          </p>
        )}
        <Groups
          groups={groups}
          seen={conversation?.team_read ?? 0}
          onAgain={(key) => chat.sendAgain(key)}
          onDiscard={(key) => chat.discard(key)}
        />
        {typing[id] && <Typing name={typing[id]} />}
        {state.asks_email && bubbles.length > 0 && (
          <EmailAsk
            contact={state.contact}
            give={(email) => chat.giveEmail(email)}
            onDone={() => chat.dropEmailAsk()}
          />
        )}
        {conversation?.status === "resolved" && (
          <p class="closed">This conversation is resolved. Write to us if there is more.</p>
        )}
      </div>
      {refused ? (
        <p class="refused" role="alert">
          {refused}
        </p>
      ) : (
        <Composer id={id} memory={memory} onSend={(text) => chat.send(text)} onType={(on) => chat.type(on)} />
      )}
    </>
  );
}

function Typing({ name }: { name: string }) {
  return (
    <div class="group team typing">
      <div class="bubble">
        <span class="quiet">{name} is typing</span>
        <i />
        <i />
        <i />
      </div>
      <p class="under" aria-hidden="true">
        {name.split(" ")[0]} is typing
      </p>
    </div>
  );
}

/** Shapes where messages will be, only when they take long. */
function Bones() {
  const [is_slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return is_slow ? (
    <div class="bones" aria-hidden="true">
      <i />
      <i />
      <i />
    </div>
  ) : null;
}

/** Stays at the newest message unless the customer reads further up, and in place when earlier ones come in above. */
function useStickyScroll(
  log: { current: HTMLElement | null },
  first: string | undefined,
  last: string | undefined,
  also: unknown[],
): void {
  const before = useRef({ first, height: 0, is_at_end: true });
  useLayoutEffect(() => {
    const box = log.current;
    if (!box) return;
    const grew_above = before.current.first !== first && before.current.first !== undefined && box.scrollTop < 80;
    if (grew_above) box.scrollTop += box.scrollHeight - before.current.height;
    else if (before.current.is_at_end) box.scrollTop = box.scrollHeight;
    before.current = { ...before.current, first, height: box.scrollHeight };
  }, [log, first, last, ...also]);
  useEffect(() => {
    const box = log.current;
    if (!box) return;
    const look = () => (before.current.is_at_end = box.scrollHeight - box.scrollTop - box.clientHeight < 60);
    const stay = new ResizeObserver(() => before.current.is_at_end && (box.scrollTop = box.scrollHeight));
    box.addEventListener("scroll", look, { passive: true });
    stay.observe(box);
    return () => (box.removeEventListener("scroll", look), stay.disconnect());
  }, [log]);
}
