// What the inbox does when something happens elsewhere.
import type { QueryClient } from "@tanstack/react-query";
import type { Change, Channel, Label, Page } from "@/contract";
import { withItem, withoutItem } from "@/shared/api/page";
import { on } from "@/shared/live/on";
import { announce } from "@/shared/ui/announcer";
import { keys } from "./api";
import { forgetLabel, heldItem, myId, placeItem, renameContact, takeChange } from "./cache";
import { withRead } from "./conversation";
import { setTyping, setViewing, stopTyping } from "./signals";

const change = (data: Change, cache: QueryClient): void => takeChange(cache, data);

const putChannel = (channel: Channel, cache: QueryClient): void => {
  cache.setQueryData<Page<Channel>>(keys.channels, (page) => page && withItem(page, channel));
};

const putLabel = (label: Label, cache: QueryClient): void => {
  cache.setQueryData<Page<Label>>(keys.labels, (page) => page && withItem(page, label));
};

export const inboxLive = on({
  "conversation.started": (data, cache) => {
    takeChange(cache, data, true);
    announce(`New conversation with ${data.conversation.contact.name}`);
  },
  "conversation.opened": change,
  "conversation.pended": change,
  "conversation.snoozed": change,
  "conversation.resolved": change,
  "conversation.assigned": change,
  "conversation.prioritized": change,
  "conversation.labeled": change,
  "message.posted": (data, cache) => {
    takeChange(cache, data);
    if (!data.message) return;
    stopTyping(data.conversation.id, data.message.author.id);
    if (data.message.kind === "customer") announce(`${data.message.author.name}: ${data.message.text.slice(0, 200)}`);
  },
  "conversation.read": (read, cache) => {
    const item = heldItem(cache, read.conversation_id);
    if (item) placeItem(cache, withRead(item, read, myId()));
  },
  "conversation.received": ({ conversation_id, through }, cache) => {
    const item = heldItem(cache, conversation_id);
    if (!item || item.conversation.contact_received >= through) return;
    placeItem(cache, { ...item, conversation: { ...item.conversation, contact_received: through } });
  },
  "channel.created": putChannel,
  "channel.updated": putChannel,
  "label.created": putLabel,
  "label.updated": putLabel,
  "label.deleted": ({ id }, cache) => {
    cache.setQueryData<Page<Label>>(keys.labels, (page) => page && withoutItem(page, id));
    forgetLabel(cache, id);
  },
  "contact.updated": (contact, cache) => renameContact(cache, contact),
  typing: ({ conversation_id, who, on }) => setTyping(conversation_id, who, on),
  viewing: ({ conversation_id, users }) => setViewing(conversation_id, users),
});
