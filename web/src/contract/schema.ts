// The contract of the HTTP API: what each operation takes and answers. Written in the shape that openapi-typescript
// generates (`npm run contract`), so that the generated file takes its place.
type Status = "open" | "pending" | "snoozed" | "resolved";
type Priority = "none" | "low" | "normal" | "high" | "urgent";
type Permission = "conversations.read" | "conversations.write" | "contacts.read" | "channels.read" | "channels.manage" | "members.read" | "members.manage" | "actors.read";
interface Problem { type: string; title: string; status: number; code: string; detail: string; errors: { field: string; message: string }[]; trace: string }
interface Page<T> { items: T[]; next: string | null }

// ---- identity ----
interface SignUp { company: string; name: string; email: string; password: string }
interface Credentials { email: string; password: string; tenant?: string | null }        // tenant = slug, only when the person belongs to several (409 code "choose_tenant", errors[] lists field "tenant" with slugs in message)
interface SignedIn { access_token: string; expires_in: number; refresh_token: string; me: Me } // refresh token is ALSO set as HttpOnly cookie (path /api/v1/identity), so the web app ignores the field
interface Me { user: { id: string; name: string; email: string }; tenant: { id: string; name: string; slug: string }; role: string; permissions: Permission[] }
interface Member { user_id: string; name: string; email: string; role: string; presence: "online" | "away" | "offline"; joined_at: string }
interface NewMember { name: string; email: string; password: string; role: string }
interface Role { name: string; permissions: Permission[] }

// ---- crm ----
interface Contact { id: string; name: string; email: string | null; phone: string | null; verified: boolean; attributes: Record<string, string>; created_at: string; last_seen_at: string | null } // attributes: e.g. page, page_title, browser, locale, user_id
interface ContactBrief { id: string; name: string; email: string | null; verified: boolean }

// ---- inbox ----
interface Conversation {
  id: string; number: number; channel_id: string; contact: ContactBrief;
  status: Status; snoozed_until: string | null; priority: Priority; assignee_id: string | null;
  n_messages: number;            // position of the newest message
  n_customer_messages: number;   // unread for me = n_customer_messages - my_read.n_customer_messages
  last_message: LastMessage | null;
  waiting_since: string | null;  // the customer waits for an answer since
  contact_received: number; contact_read: number; team_read: number; // message positions
  version: number;               // grows with every change of this conversation: never replace a newer one by an older
  started_at: string; last_activity_at: string;
}
interface LastMessage { position: number; kind: MessageKind; author: Author; preview: string; at: string }
interface MyRead { position: number; n_customer_messages: number }
interface InboxItem { conversation: Conversation; my_read: MyRead }       // list items and detail answer
type MessageKind = "customer" | "reply" | "note" | "activity";
interface Author { kind: "contact" | "user" | "system"; id: string | null; name: string }
interface Message { id: string; conversation_id: string; position: number; kind: MessageKind; author: Author; text: string; activity: Activity | null; key: string; at: string }
type Activity =
  | { type: "assigned"; assignee_id: string; assignee_name: string } | { type: "unassigned" }
  | { type: "opened" } | { type: "pended" } | { type: "snoozed"; until: string } | { type: "woken" } | { type: "resolved" } | { type: "reopened" } // reopened: by a customer's message
  | { type: "prioritized"; priority: Priority };
interface MessagePage { items: Message[]; has_earlier: boolean; has_later: boolean } // ascending by position
interface Change { conversation: Conversation; message: Message | null }
interface NewReply { text: string; key: string; seen?: number | null }   // 409 code "answered_since"
interface NewNote { text: string; key: string }
interface SetStatus { status: Status; until?: string | null }
interface SetAssignee { assignee_id: string | null }
interface SetPriority { priority: Priority }
interface MarkRead { through: number }
interface Counts { mine: number; unassigned: number; all: number; by_channel: Record<string, number> } // open conversations
interface Channel { id: string; kind: "web_chat"; name: string; key: string; settings: WebChatSettings; enabled: boolean; created_at: string }
interface WebChatSettings {
  color: string;               // "#5b5bd6"
  title: string; greeting: string; launcher_text: string; reply_time: string; // texts
  position: "right" | "left";
  allowed_origins: string[];   // empty = any; "https://shop.example", "https://*.example"
  ask_email: boolean;
  reopen_within_hours: number; // customer message to a resolved conversation reopens it within this time, else starts a new one
  require_identity: boolean;
}
interface NewChannel { kind: "web_chat"; name: string; settings?: Partial<WebChatSettings> }
interface UpdateChannel { name?: string; enabled?: boolean; settings?: WebChatSettings }
interface ChannelSecret { secret: string }
interface Snippet { html: string }

// ---- live (administration) ----
interface ActorTree {
  node: { version: string; started_at: string; uptime_seconds: number };
  bus: { sessions: number; topics: number; ring: number; delivered: number };
  timer: { next_due_at: string | null; fired: number };
  tenant: { id: string; name: string; since: string; sleepers: number /* entities put to sleep since start */ };
  journal: { queued: number; batches: number; written: number; largest_batch: number; last_batch: number };
  entities: { kind: string; id: string; label: string; state: "live" | "quarantined"; mailbox: number; restarts: number; handled: number; idle_seconds: number }[];
  bridges: { channel_id: string; name: string; kind: string; state: "idle" | "sending" | "waiting"; queued: number; restarts: number; last_error: string | null }[];
  sessions: { id: string; who: string; kind: "user" | "visitor"; topics: number; unreceipted_bytes: number; since: string }[];
}

// ---- widget (public, token = visitor token in Authorization: Bearer) ----
interface WidgetConfig { channel: string /* name */; title: string; greeting: string; launcher_text: string; reply_time: string; color: string; position: "right" | "left"; ask_email: boolean; team: { name: string }[]; online: boolean; require_identity: boolean }
interface NewVisit { key: string; visitor?: string | null /* remembered visitor secret */; identity?: { token: string } | { user_id: string; hash: string; name?: string; email?: string } | null; page?: { url: string; title: string } | null }
interface Visit { token: string; expires_in: number; visitor: string /* keep in localStorage, send next time */; contact: ContactBrief; config: WidgetConfig; conversations: VisitorConversation[] }
interface VisitorConversation { id: string; status: "open" | "resolved"; n_messages: number; unread: number; team_read: number; contact_read: number; last_message: { position: number; mine: boolean; name: string; preview: string; at: string } | null; version: number; last_activity_at: string }
interface VisitorMessage { id: string; conversation_id: string; position: number; mine: boolean; name: string; text: string; key: string; at: string }
interface VisitorChange { conversation: VisitorConversation; message: VisitorMessage | null }

interface Fails { default: { content: { "application/problem+json": Problem } } }
interface Ask<P, R> { parameters: P; requestBody?: never; responses: { 200: { content: { "application/json": R } } } & Fails }
interface Tell<P, B, R> { parameters: P; requestBody: { content: { "application/json": B } }; responses: { 200: { content: { "application/json": R } } } & Fails }
interface Do<P, R> { parameters: P; requestBody?: never; responses: { 200: { content: { "application/json": R } } } & Fails }
interface Nothing { query?: never; path?: never }
interface ById { path: { id: string }; query?: never }
interface Seek { after?: string; limit?: number }

export interface paths {
  "/api/v1/identity/tenants": { post: Tell<Nothing, SignUp, SignedIn> };
  "/api/v1/identity/login": { post: Tell<Nothing, Credentials, SignedIn> };
  "/api/v1/identity/refresh": { post: Tell<Nothing, { refresh_token?: string | null }, SignedIn> };
  "/api/v1/identity/logout": { post: Do<Nothing, undefined> };
  "/api/v1/identity/me": { get: Ask<Nothing, Me> };
  "/api/v1/identity/members": { get: Ask<{ query?: Seek }, Page<Member>>; post: Tell<Nothing, NewMember, Member> };
  "/api/v1/identity/roles": { get: Ask<Nothing, { items: Role[] }> };
  "/api/v1/inbox/counts": { get: Ask<Nothing, Counts> };
  "/api/v1/inbox/conversations": {
    get: Ask<{ query?: Seek & { view?: "mine" | "unassigned" | "all"; status?: Status | "any"; channel_id?: string; contact_id?: string; assignee_id?: string; priority?: Priority; unread?: boolean; q?: string } }, Page<InboxItem>>;
  };
  "/api/v1/inbox/conversations/{id}": { get: Ask<ById, InboxItem> };
  "/api/v1/inbox/conversations/{id}/messages": { get: Ask<{ path: { id: string }; query?: { before?: number; after?: number; limit?: number } }, MessagePage> };
  "/api/v1/inbox/conversations/{id}/replies": { post: Tell<ById, NewReply, Change> };
  "/api/v1/inbox/conversations/{id}/notes": { post: Tell<ById, NewNote, Change> };
  "/api/v1/inbox/conversations/{id}/status": { put: Tell<ById, SetStatus, Change> };
  "/api/v1/inbox/conversations/{id}/assignee": { put: Tell<ById, SetAssignee, Change> };
  "/api/v1/inbox/conversations/{id}/priority": { put: Tell<ById, SetPriority, Change> };
  "/api/v1/inbox/conversations/{id}/read": { post: Tell<ById, MarkRead, undefined> };
  "/api/v1/inbox/channels": { get: Ask<{ query?: Seek }, Page<Channel>>; post: Tell<Nothing, NewChannel, Channel> };
  "/api/v1/inbox/channels/{id}": { get: Ask<ById, Channel>; patch: Tell<ById, UpdateChannel, Channel> };
  "/api/v1/inbox/channels/{id}/rotate-key": { post: Do<ById, Channel> };
  "/api/v1/inbox/channels/{id}/secret": { get: Ask<ById, ChannelSecret> };
  "/api/v1/inbox/channels/{id}/rotate-secret": { post: Do<ById, ChannelSecret> };
  "/api/v1/inbox/channels/{id}/snippet": { get: Ask<ById, Snippet> };
  "/api/v1/crm/contacts": { get: Ask<{ query?: Seek & { q?: string } }, Page<Contact>> };
  "/api/v1/crm/contacts/{id}": { get: Ask<ById, Contact> };
  "/api/v1/live/actors": { get: Ask<Nothing, ActorTree> };
}

export interface components {
  schemas: {
    Status: Status;
    Priority: Priority;
    Permission: Permission;
    Problem: Problem;
    SignUp: SignUp;
    Credentials: Credentials;
    SignedIn: SignedIn;
    Me: Me;
    Member: Member;
    NewMember: NewMember;
    Role: Role;
    Contact: Contact;
    ContactBrief: ContactBrief;
    Conversation: Conversation;
    LastMessage: LastMessage;
    MyRead: MyRead;
    InboxItem: InboxItem;
    MessageKind: MessageKind;
    Author: Author;
    Message: Message;
    Activity: Activity;
    MessagePage: MessagePage;
    Change: Change;
    NewReply: NewReply;
    NewNote: NewNote;
    SetStatus: SetStatus;
    SetAssignee: SetAssignee;
    SetPriority: SetPriority;
    MarkRead: MarkRead;
    Counts: Counts;
    Channel: Channel;
    WebChatSettings: WebChatSettings;
    NewChannel: NewChannel;
    UpdateChannel: UpdateChannel;
    ChannelSecret: ChannelSecret;
    Snippet: Snippet;
    ActorTree: ActorTree;
    WidgetConfig: WidgetConfig;
    NewVisit: NewVisit;
    Visit: Visit;
    VisitorConversation: VisitorConversation;
    VisitorMessage: VisitorMessage;
    VisitorChange: VisitorChange;
  };
}
