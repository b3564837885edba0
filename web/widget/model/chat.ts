// The customer's side of the conversations: begins the visit when it is needed, hands on what the server says, and
// brings out what was written.
import { ApiProblem, sayProblem } from "@/shared/api/problem";
import { LiveSocket } from "@/shared/live/socket";
import type { Memory } from "../memory";
import type { Server, Visit, VisitorChange, WidgetConfig } from "../server";
import type { Identity } from "../settings";
import { Conversations } from "./conversations";
import { Marks } from "./marks";
import { threadToOpen } from "./opening";
import { draftPlace, isNew, newThread, Outbox } from "./outbox";
import { Pass } from "./pass";
import { Sender } from "./sender";
import { createState, nobody, type State } from "./state";
import { Typing } from "./typing";

export class Chat {
  readonly state: State;
  readonly outbox: Outbox;
  readonly live: LiveSocket;
  private readonly pass: Pass;
  private readonly conversations: Conversations;
  private readonly marks: Marks;
  private readonly typing: Typing;
  private readonly sender: Sender;

  constructor(
    private readonly server: Server,
    private readonly memory: Memory,
    key: string,
    identity: Identity | null,
    config: WidgetConfig,
  ) {
    this.state = createState(config);
    this.outbox = new Outbox(memory);
    this.typing = new Typing(this.state);
    this.pass = new Pass(server, memory, key, identity, {
      visited: (visit) => this.visited(visit),
      refused: (refused) => this.state.put({ refused }),
      notice: (notice) => this.state.put({ notice }),
    });
    this.conversations = new Conversations(this.state, server, this.outbox, {
      changed: () => this.changed(),
      stored: () => this.stored(),
    });
    this.live = new LiveSocket({
      url: () => server.socket,
      topics: () => ["me"],
      token: (why) => this.pass.token(why),
      tokenEndsAt: () => this.pass.ends_at,
      onFrame: (type, data) => this.hear(type, data),
      onFresh: () => void this.conversations.refresh(),
    });
    this.marks = new Marks(this.state, this.live);
    this.sender = new Sender(this.live, this.outbox, {
      sent: (thread, change) => this.conversations.store(thread, change),
      notice: (notice) => this.state.put({ notice }),
    });
    this.live.connection.subscribe(() => this.connectionChanged());
    document.addEventListener("visibilitychange", () => this.marks.read());
    // Who has talked here before hears of answers without opening the panel; nobody new is made known by that.
    if (this.outbox.next() || (memory.get("visitor") && memory.get("talked"))) this.begin();
  }

  // What the customer does -----------------------------------------------------------------------

  open(): void {
    this.state.put({ is_open: true });
    this.choose();
    if (this.memory.get("visitor") || this.pass.identity || this.state.get().config.require_identity) this.begin();
  }

  close(): void {
    this.state.put({ is_open: false });
  }

  show(thread: string | null): void {
    const before = this.state.get();
    this.state.put({ thread, view: before.thread === thread ? before.view : before.view + 1 });
    if (thread) void this.conversations.load(thread);
    this.marks.read();
  }

  startNew(): void {
    this.show(newThread());
  }

  send(text: string): void {
    const { thread, contact } = this.state.get();
    if (!thread) return;
    this.outbox.add(thread, text, contact?.verified ? contact.id : null);
    this.bringOut();
  }

  sendAgain(key: string): void {
    this.outbox.change((one) => one.key === key, { failed: null });
    this.bringOut();
  }

  discard(key: string): void {
    this.outbox.remove(key);
  }

  type(on: boolean): void {
    const { thread } = this.state.get();
    if (thread && !isNew(thread)) this.live.tell("typing", { conversation_id: thread, on });
  }

  loadEarlier(id: string): Promise<void> {
    return this.conversations.loadEarlier(id);
  }

  /** Returns what is wrong with the address, if anything. */
  async giveEmail(email: string): Promise<string | null> {
    try {
      this.state.put({ contact: await this.server.update({ email }) });
      return null;
    } catch (error) {
      const wrong = error instanceof ApiProblem ? error.field("email") : undefined;
      return wrong ? "That does not look like an e-mail address." : sayProblem(error);
    }
  }

  dropEmailAsk(): void {
    this.memory.set("email_asked", true);
    this.state.put({ asks_email: false });
  }

  identify(identity: Identity | null): void {
    this.pass.identity = identity;
    const was_on = this.live.connection.get().state !== "stopped";
    this.forget();
    if (was_on || this.state.get().is_open) this.begin();
  }

  /** The customer signs out: nothing of theirs stays in this browser. */
  end(): void {
    this.pass.identity = null;
    this.forget();
    for (const one of this.outbox.items.get()) this.outbox.remove(one.key);
    this.memory.clear();
  }

  // What follows from it -------------------------------------------------------------------------

  private begin(): void {
    if (!this.state.get().refused) this.live.start();
  }

  private bringOut(): void {
    this.begin();
    void this.sender.run();
  }

  private forget(): void {
    this.live.stop();
    this.pass.drop();
    this.marks.forget();
    this.state.put(nobody);
    this.choose();
  }

  private choose(): void {
    const { is_open, thread, conversations } = this.state.get();
    if (!is_open) return;
    const outgoing = this.outbox.items.get().map((one) => one.thread);
    const hasDraft = (one: string): boolean => this.memory.get(draftPlace(one)) !== null;
    this.show(threadToOpen({ thread, conversations, outgoing, hasDraft }));
  }

  private visited(visit: Visit): void {
    const { contact, config } = visit;
    const was_known = this.state.get().is_known;
    this.outbox.keepFor(contact.verified ? contact.id : null);
    this.conversations.visited(visit);
    this.state.put({ contact, config, is_known: true, notice: null });
    this.talked();
    if (!was_known) this.choose();
    this.marks.received();
  }

  private hear(type: string, data: unknown): void {
    switch (type) {
      case "conversation.started":
      case "conversation.changed":
      case "message.posted": {
        const change = data as VisitorChange;
        if (change.message && !change.message.mine) this.typing.hear(change.conversation.id, null);
        return this.conversations.take(change);
      }
      case "conversation.read":
        return this.conversations.read(data as Parameters<Conversations["read"]>[0]);
      case "typing": {
        const { conversation_id, who, on } = data as TypingSignal;
        if (who.kind === "user") this.typing.hear(conversation_id, on ? who.name : null);
      }
    }
  }

  private changed(): void {
    this.talked();
    this.marks.received();
    this.marks.read();
  }

  private stored(): void {
    this.talked();
    const { contact, config } = this.state.get();
    const knows_address = !contact || contact.email || this.memory.get("email_asked");
    if (config.ask_email && !knows_address) this.state.put({ asks_email: true });
  }

  private talked(): void {
    if (this.state.get().conversations.length > 0) this.memory.set("talked", true);
  }

  private connectionChanged(): void {
    if (!this.live.isLive) return this.state.put({ typing: {} });
    this.state.put({ notice: null });
    // The events that were missed come first; marks and what was written follow.
    this.marks.forget();
    this.marks.read();
    void this.sender.run();
  }
}

interface TypingSignal {
  conversation_id: string;
  who: { kind: string; name: string };
  on: boolean;
}
