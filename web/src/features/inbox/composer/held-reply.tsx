// A reply that was not sent because a colleague answered first: shows their words and asks what to do.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Users } from "lucide-react";
import type { Conversation, Message } from "@/contract";
import type { Content } from "@/shared/rich/document";
import { Said } from "@/shared/rich/said";
import { Button } from "@/shared/ui/button";
import { messagesQuery } from "../model/api";
import { myId } from "../model/cache";
import { discard, type Outgoing, sendAgain, useOutbox } from "./outbox";

interface HeldReplyProps {
  conversation: Conversation;
  newest: number;
  edit: (kind: "reply" | "note", content: Content) => void;
}

export function HeldReply({ conversation, newest, edit }: HeldReplyProps) {
  const cache = useQueryClient();
  const messages = useQuery(messagesQuery(conversation.id)).data?.items ?? [];
  const held = useOutbox().find((one) => one.conversation_id === conversation.id && one.state === "held");
  if (!held) return null;
  const answers = answersSince(messages, held.seen, myId());
  const who = [...new Set(answers.map((one) => one.author.name.split(" ")[0]))].join(" and ");
  return (
    <div
      role="alertdialog"
      aria-label="A colleague answered first"
      className="mb-2 rounded-xl border border-note-line bg-note p-3.5 animate-in"
    >
      <p className="flex items-center gap-2 text-sm font-medium text-note-text">
        <Users aria-hidden className="size-4" /> {who || "A colleague"} answered while you were writing. Yours was not
        sent.
      </p>
      <ul className="mt-2 flex max-h-40 flex-col gap-1.5 overflow-y-auto">
        {answers.map((one) => (
          <li key={one.id} className="border-l-2 border-accent pl-2.5 text-sm">
            <span className="font-medium">{one.author.name}</span>
            <Said text={one.text} rich={one.rich} />
          </li>
        ))}
      </ul>
      <Yours held={held} />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          look="primary"
          size="sm"
          onClick={() => sendAgain(cache, held.key, Math.max(newest, conversation.n_messages))}
        >
          Send anyway
        </Button>
        <Button
          size="sm"
          onClick={() => {
            discard(held.key);
            edit(held.kind, held.rich ?? held.text);
          }}
        >
          Keep editing
        </Button>
        <Button look="ghost" size="sm" onClick={() => discard(held.key)}>
          Discard
        </Button>
      </div>
    </div>
  );
}

function Yours({ held }: { held: Outgoing }) {
  return (
    <div className="mt-2 border-l-2 border-line-strong pl-2.5 text-sm text-text-2">
      <span className="font-medium">You</span>
      <Said text={held.text} rich={held.rich} />
    </div>
  );
}

export function answersSince(messages: readonly Message[], seen: number, me_id: string): Message[] {
  return messages.filter((one) => one.kind === "reply" && one.position > seen && one.author.id !== me_id);
}
