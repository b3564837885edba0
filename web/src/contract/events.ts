// What arrives over the live connection: events (committed, in order) and signals (passing, may be lost).
import type { SwitchboardEvent } from "./index";

/** From the name of an event to what it carries. */
export type LiveEvents = { [Event in SwitchboardEvent as Event["type"]]: Event["data"] };

export type ConversationRead = Pick<
  LiveEvents["conversation.read"],
  "conversation_id" | "reader" | "through" | "n_customer_messages"
>;

export interface LiveSignals {
  typing: {
    conversation_id: string;
    who: { kind: "user" | "contact" | "system"; id: string | null; name: string };
    on: boolean;
  };
  viewing: { conversation_id: string; users: string[] };
  presence: { user_id: string; state: "online" | "away" | "offline" };
}

export type LiveFrames = LiveEvents & LiveSignals;
