// Builders of test data: a test names only what it is about.
import type { Channel, Contact, Conversation, InboxItem, Job, Label, Me, Member, Message } from "@/contract";

export const ME = "user-ada";

export function conversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: "c1",
    number: 1042,
    channel_id: "ch1",
    contact: { id: "p1", name: "Grace Hopper", email: "grace@navy.example", verified: false, version: 1 },
    status: "open",
    snoozed_until: null,
    priority: "none",
    assignee_id: null,
    label_ids: [],
    n_messages: 1,
    n_customer_messages: 1,
    n_replies: 0,
    n_replies_read: 0,
    last_message: null,
    waiting_since: null,
    contact_received: 0,
    contact_read: 0,
    team_read: 0,
    version: 1,
    started_at: "2026-11-21T09:00:00Z",
    last_activity_at: "2026-11-21T09:00:00Z",
    ...change,
  };
}

export function item(change: Partial<Conversation> = {}, my_read = { position: 0, n_customer_messages: 0 }): InboxItem {
  return { conversation: conversation(change), my_read };
}

export function message(position: number, change: Partial<Message> = {}): Message {
  return {
    id: `m${position}`,
    conversation_id: "c1",
    position,
    kind: "customer",
    author: { kind: "contact", id: "p1", name: "Grace Hopper" },
    text: `message ${position}`,
    rich: null,
    activity: null,
    key: `key-${position}`,
    at: "2026-11-21T09:00:00Z",
    ...change,
  };
}

export function me(change: Partial<Me> = {}): Me {
  return {
    user: { id: ME, name: "Ada Lovelace", email: "ada@engine.example" },
    tenant: { id: "t1", name: "Engine Works", slug: "engine-works" },
    role: "administrator",
    permissions: [
      "conversations.read",
      "conversations.write",
      "contacts.read",
      "channels.read",
      "channels.manage",
      "members.read",
      "members.manage",
      "actors.read",
      "labels.manage",
      "jobs.manage",
      "conversations.export",
      "events.read",
      "events.manage",
      "webhooks.manage",
    ],
    ...change,
  };
}

export function channel(change: Partial<Channel> = {}): Channel {
  return {
    id: "ch1",
    kind: "web_chat",
    name: "Shop chat",
    key: "wk_1",
    enabled: true,
    created_at: "2026-11-01T09:00:00Z",
    settings: {
      color: "#5b5bd6",
      title: "Hello",
      greeting: "How can we help?",
      launcher_text: "",
      reply_time: "A few minutes",
      position: "right",
      allowed_origins: [],
      ask_email: true,
      reopen_within_hours: 72,
      require_identity: false,
    },
    ...change,
  };
}

export function contact(change: Partial<Contact> = {}): Contact {
  return {
    id: "p1",
    name: "Grace Hopper",
    email: "grace@navy.example",
    phone: null,
    verified: true,
    version: 1,
    attributes: {},
    created_at: "2026-11-01T09:00:00Z",
    last_seen_at: null,
    ...change,
  };
}

export function member(change: Partial<Member> = {}): Member {
  return {
    user_id: ME,
    name: "Ada Lovelace",
    email: "ada@engine.example",
    role: "administrator",
    presence: "online",
    joined_at: "2026-11-01T09:00:00Z",
    ...change,
  };
}

export function label(change: Partial<Label> = {}): Label {
  return { id: "l1", name: "Billing", color: "teal", created_at: "2026-11-01T09:00:00Z", ...change };
}

export function job(change: Partial<Job> = {}): Job {
  return {
    id: "j1",
    kind: "conversations.export",
    state: "running",
    is_quiet: false,
    is_cancelling: false,
    started_by: ME,
    starter_name: "Ada Lovelace",
    done: 0,
    total: null,
    remaining_seconds: null,
    n_failures: 0,
    reason: null,
    file: null,
    version: 1,
    created_at: "2026-11-21T09:00:00Z",
    started_at: "2026-11-21T09:00:00Z",
    ended_at: null,
    ...change,
  };
}
