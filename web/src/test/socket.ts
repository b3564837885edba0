// A WebSocket whose other end is the test.

type Frame = Record<string, unknown>;

export class FakeSocket {
  static all: FakeSocket[] = [];
  static get newest(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }
  sent: Frame[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Frame);
  }
  close(): void {
    this.closed = true;
  }

  /** All that was asked with `op`, in order. */
  asked(op: string): Frame[] {
    return this.sent.filter((frame) => frame.op === op);
  }
  frame(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  break(code = 1006): void {
    this.onclose?.({ code });
  }
  welcome(cursor = 10, resumed = false): void {
    this.onopen?.();
    this.answer("hello", { session: "s", cursor, resumed, beat_seconds: 20 });
  }
  /** Answers the newest request with `op`. */
  answer(op: string, data: object): void {
    this.frame({ id: this.asked(op).at(-1)!.id, ok: true, data });
  }
  refuse(op: string, problem: object): void {
    this.frame({ id: this.asked(op).at(-1)!.id, ok: false, problem });
  }
}
