// Brings out what was written: one after the other, each with its key, until the server has said what became of it.
import { ApiProblem, isPassing, sayProblem, waitOf } from "@/shared/api/problem";
import type { LiveSocket } from "@/shared/live/socket";
import type { VisitorChange } from "../server";
import { isNew, newThread, type Outbox, type Outgoing } from "./outbox";

interface Listener {
  sent: (thread: string, change: VisitorChange) => void;
  notice: (notice: string | null) => void;
}

const PAUSE_MS = 2_500;

export class Sender {
  private is_running = false;

  constructor(
    private readonly live: LiveSocket,
    private readonly outbox: Outbox,
    private readonly listener: Listener,
  ) {}

  /** Sends what waits. Ends when nothing waits or the connection is gone; the next connection runs it again. */
  async run(): Promise<void> {
    if (this.is_running) return;
    this.is_running = true;
    for (let next = this.outbox.next(); next && this.live.isLive; next = this.outbox.next()) await this.deliver(next);
    this.is_running = false;
  }

  private async deliver({ key, thread, text }: Outgoing): Promise<void> {
    try {
      const change = await this.live.request<VisitorChange>("send", {
        conversation_id: isNew(thread) ? null : thread,
        text,
        key,
      });
      this.listener.notice(null);
      // The event may have been faster than the answer.
      if (this.outbox.has(key)) this.listener.sent(thread, change);
      this.outbox.remove(key);
    } catch (error) {
      await this.refused(key, thread, error);
    }
  }

  private async refused(key: string, thread: string, error: unknown): Promise<void> {
    const code = error instanceof ApiProblem ? error.code : "";
    if (code === "not_found" && !isNew(thread))
      return this.outbox.change((one) => one.thread === thread, { thread: newThread() });
    if (!isPassing(error) && code !== "conflict")
      return this.outbox.change((one) => one.key === key, { failed: sayProblem(error) });
    if (code === "too_many") this.listener.notice("That was quick! The rest is sent in a moment.");
    if (this.live.isLive) await new Promise((go) => setTimeout(go, waitOf(error) ?? PAUSE_MS));
  }
}
