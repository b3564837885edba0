// The customer's conversations as they are held here: fetched, and kept true by what the server says.
import { hasCode } from "@/shared/api/problem";
import type { Server, Visit, VisitorChange } from "../server";
import { isNew, newThread, type Outbox } from "./outbox";
import type { State } from "./state";
import { type Thread, withConversation, withMessages, withPage, withRead } from "./threads";

interface Listener {
  /** Something is here that may have been received or read. */
  changed: () => void;
  /** A message of ours is stored. */
  stored: () => void;
}

const RETRY_MS = 2_000;

export class Conversations {
  constructor(
    private readonly state: State,
    private readonly server: Server,
    private readonly outbox: Outbox,
    private readonly listener: Listener,
  ) {}

  /** A visit knows all of them; if it is for somebody else, nothing that was held is theirs. */
  visited({ contact, conversations }: Visit): void {
    const is_same = this.state.get().contact?.id === contact.id;
    this.state.put({
      conversations: conversations.reduce(withConversation, is_same ? this.state.get().conversations : []),
      ...(is_same ? {} : { threads: {} }),
    });
    this.adopt();
  }

  /** Fetches what is on screen anew; what the connection says meanwhile is newer and stays. */
  async refresh(): Promise<void> {
    const { thread, threads: before } = this.state.get();
    try {
      const { items } = await this.server.conversations();
      const page = thread && !isNew(thread) ? await this.server.messages(thread) : null;
      const now = this.state.get();
      // What began since the question was asked is complete, and not among the answers.
      const threads = Object.fromEntries(Object.entries(now.threads).filter(([id]) => !(id in before)));
      if (thread && page) {
        const last = page.items.at(-1)?.position ?? 0;
        const newer = now.threads[thread]?.messages.filter((one) => one.position > last) ?? [];
        threads[thread] = withPage({ messages: newer, has_earlier: false }, page);
      }
      this.state.put({ threads, conversations: items.reduce(withConversation, now.conversations) });
      if (now.thread !== thread && now.thread) await this.load(now.thread);
      this.listener.changed();
    } catch {
      // The connection is gone again; the next one begins with a refresh or catches up.
    }
  }

  async load(id: string, before?: number): Promise<void> {
    if (isNew(id) || !this.server.token || (!before && this.state.get().threads[id])) return;
    try {
      const page = await this.server.messages(id, before);
      this.putThread(id, withPage(this.state.get().threads[id], page));
      this.listener.changed();
    } catch (error) {
      if (hasCode(error, "not_found")) this.state.put({ thread: null });
      else setTimeout(() => this.state.get().thread === id && void this.load(id, before), RETRY_MS);
    }
  }

  async loadEarlier(id: string): Promise<void> {
    const first = this.state.get().threads[id]?.messages[0];
    if (first) await this.load(id, first.position);
  }

  /** Takes in what the server tells of a conversation. */
  take({ conversation, message }: VisitorChange): void {
    const mine = message && this.outbox.items.get().find((one) => one.key === message.key);
    if (mine) return this.store(mine.thread, { conversation, message });
    const { threads, conversations } = this.state.get();
    const thread = threads[conversation.id];
    this.state.put({ conversations: withConversation(conversations, conversation) });
    if (thread && message) this.putThread(conversation.id, withMessages(thread, [message]));
    this.listener.changed();
  }

  /** A message of ours is stored. It may have begun a conversation, whose name is known only now. */
  store(written_in: string, { conversation, message }: VisitorChange): void {
    const { id } = conversation;
    const { conversations, threads, thread: on_screen } = this.state.get();
    if (message) {
      // First into the thread, then out of the outbox, so that the bubble never blinks.
      const thread = threads[id] ?? (message.position === 1 ? { messages: [], has_earlier: false } : undefined);
      this.state.put({ conversations: withConversation(conversations, conversation) });
      if (thread) this.putThread(id, withMessages(thread, [message]));
      this.outbox.remove(message.key);
    }
    if (written_in !== id) {
      this.outbox.change((one) => one.thread === written_in, { thread: id });
      if (on_screen === written_in) {
        this.state.put({ thread: id });
        void this.load(id);
      }
    }
    this.listener.stored();
  }

  read({ conversation_id, reader, through }: { conversation_id: string; reader: "team" | "contact"; through: number }) {
    this.state.put({ conversations: withRead(this.state.get().conversations, conversation_id, reader, through) });
  }

  private putThread(id: string, thread: Thread): void {
    this.state.put({ threads: { ...this.state.get().threads, [id]: thread } });
  }

  /** What was written in a conversation that is not this customer's begins a new one. */
  private adopt(): void {
    const ours = new Set(this.state.get().conversations.map((one) => one.id));
    const threads = new Set(this.outbox.items.get().map((one) => one.thread));
    for (const thread of threads)
      if (!isNew(thread) && !ours.has(thread))
        this.outbox.change((one) => one.thread === thread, { thread: newThread() });
  }
}
