// The customer's side of the conversations: begins the visit when it is needed, keeps what is on screen true over the
// live connection, and brings out what was written.
import { ApiProblem, hasCode, sayProblem } from "@/shared/api/problem";
import { LiveSocket } from "@/shared/live/socket";
import { createStore } from "@/shared/store";
import type { Memory } from "../memory";
import type { ContactBrief, Server, Visit, VisitorChange, VisitorConversation, WidgetConfig } from "../server";
import type { Identity } from "../settings";
import { Outbox, draftPlace, isNew, newThread } from "./outbox";
import { Sender } from "./sender";
import { withConversation, withMessages, withPage, withRead, type Thread } from "./threads";

export interface ChatState {
  config: WidgetConfig;
  is_open: boolean;
  /** The thread on screen; null is the list of conversations. */
  thread: string | null;
  /** Counts what was turned to. A new conversation that gets its name is still the same view. */
  view: number;
  /** A visit has been made: the list of conversations is known. */
  is_known: boolean;
  contact: ContactBrief | null;
  conversations: VisitorConversation[];
  threads: Record<string, Thread>;
  /** Who of the team is typing, by conversation. */
  typing: Record<string, string>;
  /** Why nothing can be sent at all: an identity is missing, the channel is off. */
  refused: string | null;
  /** Something that passes by itself. */
  notice: string | null;
  asks_email: boolean;
}

const TYPING_MS = 6_500;
const FINAL = ["identity_required", "bad_identity", "origin_not_allowed", "channel_disabled", "unknown_key"];

export class Chat {
  readonly state;
  readonly outbox: Outbox;
  readonly live: LiveSocket;
  private readonly sender: Sender;
  private token_ends_at = 0;
  private readonly typing_ends = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly told = new Map<string, number>();

  constructor(
    private readonly server: Server,
    private readonly memory: Memory,
    private readonly key: string,
    private identity: Identity | null,
    config: WidgetConfig,
  ) {
    this.state = createStore<ChatState>({
      config,
      is_open: false,
      thread: null,
      view: 0,
      is_known: false,
      contact: null,
      conversations: [],
      threads: {},
      typing: {},
      refused: null,
      notice: null,
      asks_email: false,
    });
    this.outbox = new Outbox(memory);
    this.live = new LiveSocket({
      url: () => server.socket,
      topics: () => ["me"],
      token: (why) => this.token(why),
      tokenEndsAt: () => this.token_ends_at,
      onFrame: (type, data) => this.hear(type, data),
      onFresh: () => void this.refresh(),
    });
    this.sender = new Sender(this.live, this.outbox, {
      sent: (thread, change) => this.sent(thread, change),
      notice: (notice) => this.put({ notice }),
    });
    this.live.connection.subscribe(() => this.connectionChanged());
    document.addEventListener("visibilitychange", () => this.markRead());
    // Who has talked here before hears of answers without opening the panel; nobody new is made known by that.
    if (this.outbox.next() || (this.memory.get("visitor") && this.memory.get("talked"))) this.begin();
  }

  // What the customer does -----------------------------------------------------------------------

  open(): void {
    this.put({ is_open: true });
    this.choose();
    if (this.memory.get("visitor") || this.identity || this.state.get().config.require_identity) this.begin();
    this.markRead();
  }

  close(): void {
    this.put({ is_open: false });
  }

  show(thread: string | null): void {
    const before = this.state.get();
    this.put({ thread, view: before.thread === thread ? before.view : before.view + 1 });
    if (thread && !isNew(thread)) void this.load(thread);
    this.markRead();
  }

  startNew(): void {
    this.show(newThread());
  }

  send(text: string): void {
    const { thread, contact } = this.state.get();
    if (!thread) return;
    this.outbox.add(thread, text, contact?.verified ? contact.id : null);
    this.begin();
    void this.sender.run();
  }

  sendAgain(key: string): void {
    this.outbox.change((one) => one.key === key, { failed: null });
    this.begin();
    void this.sender.run();
  }

  discard(key: string): void {
    this.outbox.remove(key);
  }

  type(on: boolean): void {
    const { thread } = this.state.get();
    if (thread && !isNew(thread)) this.live.tell("typing", { conversation_id: thread, on });
  }

  async loadEarlier(id: string): Promise<void> {
    const first = this.state.get().threads[id]?.messages[0];
    if (first) await this.load(id, first.position);
  }

  /** Returns what is wrong with the address, if anything. */
  async giveEmail(email: string): Promise<string | null> {
    try {
      this.put({ contact: await this.server.update({ email }) });
      return null;
    } catch (error) {
      const wrong = error instanceof ApiProblem ? error.field("email") : undefined;
      return wrong ? "That does not look like an e-mail address." : sayProblem(error);
    }
  }

  dropEmailAsk(): void {
    this.memory.set("email_asked", true);
    this.put({ asks_email: false });
  }

  identify(identity: Identity | null): void {
    this.identity = identity;
    const was_on = this.live.connection.get().state !== "stopped";
    this.forget();
    if (was_on || this.state.get().is_open) this.begin();
  }

  /** The customer signs out: nothing of theirs stays in this browser. */
  end(): void {
    this.identity = null;
    this.forget();
    for (const one of this.outbox.items.get()) this.outbox.remove(one.key);
    this.memory.clear();
  }

  // The visit ------------------------------------------------------------------------------------

  private begin(): void {
    if (this.state.get().refused) return;
    this.live.start();
  }

  private forget(): void {
    this.live.stop();
    this.server.token = null;
    this.token_ends_at = 0;
    this.told.clear();
    this.put({
      is_known: false,
      contact: null,
      conversations: [],
      threads: {},
      typing: {},
      refused: null,
      notice: null,
      thread: null,
    });
    if (this.state.get().is_open) this.choose();
  }

  private async token(why: "hello" | "renew" | "refused"): Promise<string | null> {
    const has_time = Date.now() < this.token_ends_at - 20_000;
    if (why === "hello" && this.server.token && has_time) return this.server.token;
    const { identity } = this;
    try {
      const visit = await this.server.visit({
        key: this.key,
        visitor: this.memory.get<string>("visitor"),
        identity,
        page: { url: location.href.slice(0, 500), title: document.title.slice(0, 500) || location.hostname },
      });
      // Somebody else was named while we asked.
      if (identity !== this.identity) return await this.token(why);
      this.visited(visit);
      return visit.token;
    } catch (error) {
      if (!(error instanceof ApiProblem) || !FINAL.includes(error.code)) {
        if (hasCode(error, "too_many")) this.put({ notice: "There is a lot going on. We keep trying." });
        throw error;
      }
      this.put({ refused: sayRefusal(error) });
      return null;
    }
  }

  private visited(visit: Visit): void {
    this.server.token = visit.token;
    this.token_ends_at = Date.now() + visit.expires_in * 1000;
    this.memory.set("visitor", visit.visitor);
    const was_known = this.state.get().is_known;
    const is_same = this.state.get().contact?.id === visit.contact.id;
    this.outbox.keepFor(visit.contact.verified ? visit.contact.id : null);
    this.put({
      contact: visit.contact,
      config: visit.config,
      is_known: true,
      notice: null,
      conversations: visit.conversations.reduce(withConversation, is_same ? this.state.get().conversations : []),
      ...(is_same ? {} : { threads: {} }),
    });
    this.talked();
    this.adopt();
    if (!was_known) this.choose();
    this.received();
  }

  /** What was written in a conversation that is not this customer's begins a new one. */
  private adopt(): void {
    const ours = new Set(this.state.get().conversations.map((one) => one.id));
    const lost = new Set(
      this.outbox.items
        .get()
        .map((one) => one.thread)
        .filter((thread) => !isNew(thread) && !ours.has(thread)),
    );
    for (const thread of lost) this.outbox.change((one) => one.thread === thread, { thread: newThread() });
  }

  /** Decides what an opening panel shows: what is unfinished, the one conversation, or the list. */
  private choose(): void {
    const { is_open, thread, conversations } = this.state.get();
    const is_begun =
      thread !== null &&
      (this.outbox.items.get().some((one) => one.thread === thread) || this.memory.get(draftPlace(thread)));
    const is_chosen = thread !== null && (!isNew(thread) || is_begun);
    if (!is_open) return;
    if (is_chosen) return this.show(thread);
    const waiting = this.outbox.items.get().find((one) => isNew(one.thread));
    const [first, second] = conversations;
    if (waiting) return this.show(waiting.thread);
    if (!first) return this.show(thread ?? newThread());
    const unread = conversations.filter((one) => one.unread > 0);
    if (unread.length === 1 && unread[0]) return this.show(unread[0].id);
    this.show(second || first.status === "resolved" ? null : first.id);
  }

  /** Fetches what is on screen anew; what the connection says meanwhile is newer and stays. */
  private async refresh(): Promise<void> {
    const { thread, threads: before } = this.state.get();
    try {
      const { items } = await this.server.conversations();
      const page = thread && !isNew(thread) ? await this.server.messages(thread) : null;
      const now = this.state.get();
      // What began since the question was asked is complete, and not among the answers.
      const begun = Object.fromEntries(Object.entries(now.threads).filter(([id]) => !(id in before)));
      const newer =
        thread && page
          ? now.threads[thread]?.messages.filter((one) => one.position > (page.items.at(-1)?.position ?? 0))
          : undefined;
      this.put({
        conversations: items.reduce(withConversation, now.conversations),
        threads: {
          ...begun,
          ...(thread && page ? { [thread]: withPage({ messages: newer ?? [], has_earlier: false }, page) } : {}),
        },
      });
      if (now.thread !== thread && now.thread && !isNew(now.thread)) await this.load(now.thread);
      this.received();
      this.markRead();
    } catch {
      // The connection is gone again; the next one begins with a refresh or catches up.
    }
  }

  private async load(id: string, before?: number): Promise<void> {
    if (!this.server.token || (!before && this.state.get().threads[id])) return;
    try {
      const page = await this.server.messages(id, before);
      this.put({ threads: { ...this.state.get().threads, [id]: withPage(this.state.get().threads[id], page) } });
      this.markRead();
    } catch (error) {
      if (hasCode(error, "not_found")) this.put({ thread: null });
      else setTimeout(() => this.state.get().thread === id && void this.load(id, before), 2_000);
    }
  }

  // What the server says -------------------------------------------------------------------------

  private hear(type: string, data: unknown): void {
    if (type === "conversation.started" || type === "message.posted" || type === "conversation.changed")
      this.take(data as VisitorChange);
    if (type === "conversation.read") {
      const read = data as { conversation_id: string; reader: "team" | "contact"; through: number };
      this.put({
        conversations: withRead(this.state.get().conversations, read.conversation_id, read.reader, read.through),
      });
    }
    if (type === "typing") {
      const typing = data as { conversation_id: string; who: { kind: string; name: string }; on: boolean };
      if (typing.who.kind === "user") this.typing(typing.conversation_id, typing.on ? typing.who.name : null);
    }
  }

  private take({ conversation, message }: VisitorChange): void {
    const mine = message && this.outbox.items.get().find((one) => one.key === message.key);
    if (mine) return this.sent(mine.thread, { conversation, message });
    const { threads, conversations } = this.state.get();
    const thread = threads[conversation.id];
    this.put({
      conversations: withConversation(conversations, conversation),
      ...(thread && message ? { threads: { ...threads, [conversation.id]: withMessages(thread, [message]) } } : {}),
    });
    if (message && !message.mine) this.typing(conversation.id, null);
    this.talked();
    this.received();
    this.markRead();
  }

  /** A message of ours is stored. It may have begun a conversation, whose name is known only now. */
  private sent(written_in: string, { conversation, message }: VisitorChange): void {
    const { id } = conversation;
    const before = this.state.get();
    if (message) {
      // First into the thread, then out of the outbox, so that the bubble never blinks.
      const thread = before.threads[id] ?? (message.position === 1 ? { messages: [], has_earlier: false } : undefined);
      this.put({
        conversations: withConversation(before.conversations, conversation),
        ...(thread ? { threads: { ...before.threads, [id]: withMessages(thread, [message]) } } : {}),
      });
      this.outbox.remove(message.key);
    }
    if (written_in !== id) {
      this.outbox.change((one) => one.thread === written_in, { thread: id });
      if (before.thread === written_in) {
        this.put({ thread: id });
        void this.load(id);
      }
    }
    this.talked();
    const { contact, config } = this.state.get();
    if (config.ask_email && contact && !contact.email && !this.memory.get("email_asked"))
      this.put({ asks_email: true });
  }

  private typing(id: string, name: string | null): void {
    clearTimeout(this.typing_ends.get(id));
    const others = Object.entries(this.state.get().typing).filter(([one]) => one !== id);
    this.put({ typing: Object.fromEntries(name ? [...others, [id, name]] : others) });
    if (name)
      this.typing_ends.set(
        id,
        setTimeout(() => this.typing(id, null), TYPING_MS),
      );
  }

  private connectionChanged(): void {
    if (!this.live.isLive) return this.put({ typing: {} });
    this.put({ notice: null });
    // The events that were missed come first; marks and what was written follow.
    this.told.clear();
    this.markRead();
    void this.sender.run();
  }

  // Marks ----------------------------------------------------------------------------------------

  private markRead(): void {
    const { is_open, thread, threads, conversations } = this.state.get();
    const conversation = conversations.find((one) => one.id === thread);
    const through = thread ? threads[thread]?.messages.at(-1)?.position : undefined;
    if (!is_open || document.visibilityState === "hidden" || !conversation || !through || !this.live.isLive) return;
    if (conversation.unread <= 0 || !this.tellOnce("read", conversation.id, through)) return;
    this.put({ conversations: conversations.map((one) => (one === conversation ? { ...one, unread: 0 } : one)) });
  }

  private received(): void {
    for (const one of this.state.get().conversations) {
      if (one.unread > 0 && one.last_message && !one.last_message.mine)
        this.tellOnce("received", one.id, one.last_message.position);
    }
  }

  private tellOnce(op: "read" | "received", conversation_id: string, through: number): boolean {
    const mark = `${op} ${conversation_id}`;
    if (!this.live.isLive || (this.told.get(mark) ?? 0) >= through) return false;
    this.told.set(mark, through);
    this.live.tell(op, { conversation_id, through });
    return true;
  }

  private talked(): void {
    if (this.state.get().conversations.length > 0) this.memory.set("talked", true);
  }

  private put(part: Partial<ChatState>): void {
    this.state.set((before) => ({ ...before, ...part }));
  }
}

function sayRefusal({ code }: ApiProblem): string {
  if (code === "identity_required") return "Please sign in on this site to chat with us.";
  if (code === "bad_identity") return "We could not confirm who you are. Please reload the page or sign in again.";
  return "This chat is not available right now.";
}
