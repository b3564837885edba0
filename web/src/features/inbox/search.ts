// Conversations for the command palette: by name, address or number.
import { MessageCircle } from "lucide-react";
import type { InboxItem, Page } from "@/contract";
import { answer, api } from "@/shared/api/client";
import type { Command, CommandSource } from "@/shared/commands/commands";
import type { Go } from "@/shared/registration";

export function findConversations(go: Go): CommandSource {
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
      run: () =>
        void go({ to: "/inbox/$view/$conversationId", params: { view: "all", conversationId: conversation.id } }),
    }));
  };
}
