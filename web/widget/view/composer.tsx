/** @jsxImportSource preact */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { byFinger, sends } from "@/shared/media";
import type { Memory } from "../memory";
import { draftPlace } from "../model/outbox";
import { SendIcon } from "./icons";

interface Props {
  id: string;
  memory: Memory;
  onSend: (text: string) => void;
  onType: (on: boolean) => void;
}

const LONGEST = 20_000;
const TELL_EVERY_MS = 4_000;

export function Composer({ id, memory, onSend, onType }: Props) {
  const place = draftPlace(id);
  const [text, setText] = useState(() => memory.get<string>(place) ?? "");
  const box = useRef<HTMLTextAreaElement>(null);
  const told_at = useRef(0);
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = "0";
    box.current.style.height = `${Math.min(box.current.scrollHeight, 132)}px`;
  }, [text]);
  // A new conversation got its name while the next message was being written.
  const last_place = useRef(place);
  useEffect(() => {
    if (last_place.current === place) return;
    memory.remove(last_place.current);
    last_place.current = place;
    if (text) memory.set(place, text);
  }, [memory, place, text]);
  // On a phone the keyboard comes when it is asked for.
  useEffect(() => {
    if (!matchMedia("(pointer: coarse)").matches) box.current?.focus();
  }, []);
  const write = (next: string) => {
    setText(next);
    if (next) memory.set(place, next);
    else memory.remove(place);
    const is_due = Date.now() - told_at.current > TELL_EVERY_MS;
    if (next.trim() ? is_due : told_at.current) {
      told_at.current = next.trim() ? Date.now() : 0;
      onType(told_at.current > 0);
    }
  };
  const send = () => {
    const said = text.trim();
    if (!said) return;
    // Before the text goes: a new conversation's name changes with what is sent.
    told_at.current = 0;
    setText("");
    memory.remove(place);
    onSend(said);
    box.current?.focus();
  };
  return (
    <form class="composer" onSubmit={(event) => (event.preventDefault(), send())}>
      <textarea
        ref={box}
        rows={1}
        value={text}
        maxLength={LONGEST}
        enterkeyhint={byFinger() ? "enter" : "send"}
        aria-label="Your message"
        placeholder="Write a message…"
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (!sends(event, byFinger())) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="send" aria-label="Send" disabled={!text.trim()}>
        <SendIcon />
      </button>
    </form>
  );
}
