// What was begun and not sent, kept per conversation on this device. Replies and notes have separate drafts, because
// a note must never become a reply by one click too many.
import { type Content, isBlank } from "@/shared/rich/document";
import { recall, remember } from "@/shared/remember";
import { myId } from "../model/cache";

export type Mode = "reply" | "note";

export interface Draft {
  mode: Mode;
  reply: Content;
  note: Content;
}

const empty: Draft = { mode: "reply", reply: "", note: "" };

/** Drafts belong to whoever began them, also when several people use one device. */
const place = (conversation_id: string): string => `draft.${myId()}.${conversation_id}`;

export const loadDraft = (conversation_id: string): Draft => ({
  ...empty,
  ...recall<Partial<Draft>>(place(conversation_id), {}),
});

export function saveDraft(conversation_id: string, draft: Draft): void {
  const worth = !isBlank(draft.reply) || !isBlank(draft.note);
  remember(place(conversation_id), worth ? draft : undefined);
}
