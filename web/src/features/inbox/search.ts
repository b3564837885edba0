// Conversations for the command palette: by name, address or number.
import { MessageCircle } from "lucide-react";
import type { InboxItem, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";
import type { Command, CommandSource } from "@/shared/commands/commands";

export function findConversations(go: (to: string) => void): CommandSource {
  return async (text, signal): Promise<Command[]> => {
    if (text.length < 2 && !/\d/.test(text)) return [];
    const page: Page<InboxItem> = await answer(
      api.GET("/api/v1/inbox/conversations", {
        params: { query: { view: "all", status: "any", q: text, limit: 6 } },
        signal,
      }),
    );
    return page.items.map(({ conversation }): Command => ({
      id: `conversation ${conversation.id}`,
      label: conversation.contact.name,
      hint: `#${conversation.number} ${conversation.last_message?.preview ?? ""}`,
      group: "Conversations",
      icon: MessageCircle,
      run: () => go(`/inbox/all/${conversation.id}`),
    }));
  };
}
