// What was asked over the live connection and is not yet answered, by its id.
import { type ApiProblem, localProblem, problemFrom } from "@/shared/api/problem";

/** Called at once when the answer comes: what follows on the connection must find it taken in. */
export interface Asker {
  resolve: (data: unknown) => void;
  reject: (problem: ApiProblem) => void;
}

interface Waiting extends Asker {
  frame: { id: number };
  keep: boolean;
  sent: boolean;
  timer: ReturnType<typeof setTimeout> | null;
}

const ANSWER_MS = 10_000;

export class Requests {
  private last_id = 0;
  private readonly waiting = new Map<number, Waiting>();

  constructor(private readonly write: (frame: object) => void) {}

  /** With `keep` it outlives a broken connection, and waits for its answer as long as it takes. */
  add(op: string, fields: object, asker: Asker, keep = false): number {
    const id = ++this.last_id;
    this.waiting.set(id, {
      ...asker,
      frame: { id, op, ...fields } as Waiting["frame"],
      keep,
      sent: false,
      timer: null,
    });
    return id;
  }

  send(id: number): void {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    waiting.sent = true;
    this.write(waiting.frame);
    if (waiting.keep) return;
    waiting.timer = setTimeout(() => this.fail(id, localProblem("timeout", "No answer came in time.")), ANSWER_MS);
  }

  /** What was added, or left over from the connection before, while nothing could be sent. */
  sendWaiting(): void {
    for (const [id, waiting] of this.waiting) if (!waiting.sent) this.send(id);
  }

  answered(frame: Record<string, unknown>): void {
    const id = Number(frame.id);
    const waiting = this.settle(id);
    if (frame.ok) waiting?.resolve(frame.data);
    else waiting?.reject(problemFrom(frame.problem, 500));
  }

  /** The connection is gone: kept requests wait for the next one, the others fail now. */
  interrupted(): void {
    for (const [id, waiting] of [...this.waiting]) {
      waiting.sent = false;
      if (!waiting.keep) this.fail(id, localProblem("disconnected", "The connection was interrupted."));
    }
  }

  /** There will be no other connection. */
  closed(): void {
    for (const id of [...this.waiting.keys()])
      this.fail(id, localProblem("disconnected", "The connection was closed."));
  }

  private fail(id: number, problem: ApiProblem): void {
    this.settle(id)?.reject(problem);
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    if (waiting?.timer) clearTimeout(waiting.timer);
    this.waiting.delete(id);
    return waiting;
  }
}
