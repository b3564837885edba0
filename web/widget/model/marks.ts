// Tells the server how far messages have arrived here and how far they were read, each once for a connection.
import type { LiveSocket } from "@/shared/live/socket";
import type { State } from "./state";

export class Marks {
  private readonly told = new Map<string, number>();

  constructor(
    private readonly state: State,
    private readonly live: LiveSocket,
  ) {}

  /** What is on screen and really seen has been read. */
  read(): void {
    const { is_open, thread, threads, conversations } = this.state.get();
    const conversation = conversations.find((one) => one.id === thread);
    const through = thread ? threads[thread]?.messages.at(-1)?.position : undefined;
    const is_seen = is_open && document.visibilityState === "visible";
    if (!is_seen || !conversation || !through || conversation.unread <= 0) return;
    if (!this.tell("read", conversation.id, through)) return;
    this.state.put({ conversations: conversations.map((one) => (one === conversation ? { ...one, unread: 0 } : one)) });
  }

  received(): void {
    for (const { id, unread, last_message: last } of this.state.get().conversations)
      if (unread > 0 && last && !last.mine) this.tell("received", id, last.position);
  }

  /** The next connection is told everything anew. */
  forget(): void {
    this.told.clear();
  }

  /** A mark that the server has no time for is not told again: the next one says more. */
  private tell(op: "read" | "received", conversation_id: string, through: number): boolean {
    const mark = `${op} ${conversation_id}`;
    if (!this.live.isLive || (this.told.get(mark) ?? 0) >= through) return false;
    this.told.set(mark, through);
    this.live.tell(op, { conversation_id, through });
    return true;
  }
}
