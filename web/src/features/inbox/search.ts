// What the palette finds in the inbox: conversations by name, address or number, and labels by name.
import { MessageCircle, Tag } from "lucide-react";
import type { InboxItem, Label, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";
import type { Command, CommandSource } from "@/shared/commands/commands";
import type { Go } from "@/shared/registration";
import { session } from "@/shared/session/session";

export function findInInbox(go: Go): CommandSource {
  return async (text, signal): Promise<Command[]> => {
    if (!session.get().me?.permissions.includes("conversations.read")) return [];
    const found = await Promise.all([findConversations(go, text, signal), findLabels(go, text, signal)]);
    return found.flat();
  };
}

async function findConversations(go: Go, text: string, signal: AbortSignal): Promise<Command[]> {
  if (text.length < 2 && !/\d/.test(text)) return [];
  const query = { view: "all", status: "any", q: text, limit: 6 } as const;
  const page: Page<InboxItem> = await answer(api.GET("/api/v1/inbox/conversations", { params: { query }, signal }));
  return page.items.map(({ conversation }): Command => ({
    id: `conversation ${conversation.id}`,
    label: conversation.contact.name,
    hint: `#${conversation.number} ${conversation.last_message?.preview ?? ""}`,
    group: "Conversations",
    icon: MessageCircle,
    run: () =>
      void go({ to: "/inbox/$view/$conversationId", params: { view: "all", conversationId: conversation.id } }),
  }));
}

async function findLabels(go: Go, text: string, signal: AbortSignal): Promise<Command[]> {
  const wanted = text.toLowerCase();
  if (wanted === "") return [];
  const page: Page<Label> = await answer(api.GET("/api/v1/inbox/labels", { signal }));
  const found = page.items.filter((one) => one.name.toLowerCase().includes(wanted));
  return found.slice(0, 6).map(({ id, name }): Command => ({
    id: `label ${id}`,
    label: name,
    hint: "Conversations with this label",
    group: "Pages",
    icon: Tag,
    run: () => void go({ to: "/inbox/$view", params: { view: "all" }, search: { label: id } }),
  }));
}
