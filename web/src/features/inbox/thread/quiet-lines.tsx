// What stands between the messages: days, the unread mark, what was done, who types.
import type { Message } from "@/contract";
import { useMe } from "@/shared/session/session";
import { clockTime, dayName, fullTime, useNow } from "@/shared/time";
import type { Typist } from "../model/signals";
import { sayActivity } from "../model/words";

export function DayLine({ at }: { at: string }) {
  const now = useNow();
  return (
    <div className="flex items-center gap-3 px-6 pt-6 pb-1">
      <span className="h-px flex-1 bg-line" />
      <span className="text-2xs font-medium text-text-3">{dayName(at, now)}</span>
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}

export function UnreadLine() {
  return (
    <div id="unread" className="flex items-center gap-3 px-6 pt-4 pb-0.5">
      <span className="h-px flex-1 bg-accent/45" />
      <span className="text-2xs font-semibold text-accent-text">New</span>
      <span className="h-px flex-1 bg-accent/45" />
    </div>
  );
}

export function ActivityLine({ message }: { message: Message }) {
  const me = useMe();
  const now = useNow();
  const text = message.activity ? sayActivity(message.activity, message.author, me.user.id, now) : message.text;
  return (
    <div title={fullTime(message.at)} className="px-6 pt-3 text-center text-xs text-text-3">
      {text}
      <span className="nums ml-1.5">{clockTime(message.at)}</span>
    </div>
  );
}

export function TypingLine({ typists, customer }: { typists: Typist[]; customer: string }) {
  const isTyping = typists.some((one) => one.kind === "contact");
  return (
    <div aria-live="polite" className="h-8 px-4 md:px-6">
      {isTyping && (
        <div className="flex h-8 items-center gap-2.5 text-xs text-text-3 animate-fade">
          <span aria-hidden className="flex h-6 w-10 items-center justify-center gap-1 rounded-full bg-hover">
            {[0, 150, 300].map((delay) => (
              <span
                key={delay}
                className="size-1.5 animate-dot rounded-full bg-text-3"
                style={{ animationDelay: `${delay}ms` }}
              />
            ))}
          </span>
          {customer} is typing
        </div>
      )}
    </div>
  );
}
