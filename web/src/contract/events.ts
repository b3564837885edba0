// What arrives over the live connection: events (committed, in order) and signals (passing, may be lost).
import type { Change, Channel, Contact, Member } from "./index";

export interface ConversationRead {
  conversation_id: string;
  reader: { kind: "user" | "contact"; id: string };
  through: number;
  n_customer_messages: number;
}

export interface LiveEvents {
  "conversation.started": Change;
  "conversation.opened": Change;
  "conversation.pended": Change;
  "conversation.snoozed": Change;
  "conversation.resolved": Change;
  "conversation.assigned": Change;
  "conversation.prioritized": Change;
  "message.posted": Change;
  "conversation.read": ConversationRead;
  "conversation.received": { conversation_id: string; through: number };
  "channel.created": Channel;
  "channel.updated": Channel;
  "contact.created": Contact;
  "contact.updated": Contact;
  "member.joined": Member;
  "member.updated": Member;
  "entity.quarantined": { kind: string; id: string };
}

export interface LiveSignals {
  typing: { conversation_id: string; who: { kind: "user" | "contact"; id: string; name: string }; on: boolean };
  viewing: { conversation_id: string; users: string[] };
  presence: { user_id: string; state: "online" | "away" | "offline" };
}

export type LiveFrames = LiveEvents & LiveSignals;
