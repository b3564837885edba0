// Builders of what the widget hears: a test names only what it is about.
import type { Visit, VisitorConversation, VisitorMessage, WidgetConfig } from "../server";

export function config(change: Partial<WidgetConfig> = {}): WidgetConfig {
  return {
    channel: "Website",
    title: "Northwind",
    greeting: "How can we help?",
    launcher_text: "",
    reply_time: "A few minutes",
    color: "#5b5bd6",
    position: "right",
    ask_email: false,
    require_identity: false,
    team: [],
    online: true,
    ...change,
  };
}

export function conversation(change: Partial<VisitorConversation> = {}): VisitorConversation {
  return {
    id: "c1",
    status: "open",
    n_messages: 1,
    unread: 0,
    team_read: 0,
    contact_read: 0,
    last_message: null,
    version: 1,
    last_activity_at: "2026-01-01T10:00:00Z",
    ...change,
  };
}

export function message(position: number, change: Partial<VisitorMessage> = {}): VisitorMessage {
  return {
    id: `m${position}`,
    conversation_id: "c1",
    position,
    mine: true,
    name: "",
    text: `${position}`,
    rich: null,
    key: `k${position}`,
    at: "2026-01-01T10:00:00Z",
    ...change,
  };
}

/** What somebody of the team wrote, and the conversation after it. */
export function answered(position: number, change: Partial<VisitorConversation> = {}) {
  const at = `2026-01-01T10:${String(position).padStart(2, "0")}:00Z`;
  return {
    conversation: conversation({
      n_messages: position,
      unread: 1,
      version: position,
      last_message: { position, mine: false, name: "Maya Lind", preview: `${position}`, at },
      last_activity_at: at,
      ...change,
    }),
    message: message(position, { mine: false, name: "Maya Lind", at, conversation_id: change.id ?? "c1" }),
  };
}

export function visit(change: Partial<Visit> = {}): Visit {
  return {
    token: "token",
    expires_in: 900,
    visitor: "visitor-1",
    contact: { id: "p1", name: "Visitor 7C64", email: null, verified: false, version: 1 },
    config: config(),
    conversations: [],
    ...change,
  };
}
