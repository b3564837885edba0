// The only WebSocket of the app. Speaks docs/live-protocol.md: hello with a cursor, resume, reset, renew, beats,
// back-off, and requests that are answered by id. Knows nothing about what the events mean.
import { localProblem, waitOf } from "@/shared/api/problem";
import { createStore } from "@/shared/store";
import { Requests } from "./requests";

export interface Connection {
  state: "stopped" | "connecting" | "live" | "reconnecting" | "offline";
  /** When the next attempt is made, in milliseconds since the epoch. */
  retry_at: number | null;
}

export interface SocketOptions {
  url: () => string;
  /** What this person may hear; one forbidden topic would refuse the whole hello. */
  topics: () => string[];
  /** A fresh access token, or null when nobody is signed in any more. */
  token: (why: "hello" | "renew" | "refused") => Promise<string | null>;
  tokenEndsAt: () => number;
  onFrame: (type: string, data: unknown) => void;
  /** What is held may be stale: fetch anew. `start` is the first connection, `reset` a gap that cannot be caught up. */
  onFresh: (why: "start" | "reset") => void;
  random?: () => number;
}

const RENEW_BEFORE_MS = 60_000;

export class LiveSocket {
  readonly connection = createStore<Connection>({ state: "stopped", retry_at: null });

  private socket: WebSocket | null = null;
  private cursor: number | null = null;
  private attempt = 0;
  private beat_ms = 20_000;
  private heard_at = 0;
  /** How long the server asked us to stay away. */
  private wait: number | null = null;
  /** Only the newest attempt may make a connection. */
  private newest_attempt = 0;
  private refused = false;
  private readonly requests = new Requests((frame) => this.socket?.send(JSON.stringify(frame)));
  private retry: ReturnType<typeof setTimeout> | null = null;
  private watch: ReturnType<typeof setInterval> | null = null;
  private renewal: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: SocketOptions) {}

  start(): void {
    if (this.connection.get().state !== "stopped") return;
    window.addEventListener("online", this.wake);
    window.addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.wake);
    this.set("connecting");
    void this.connect();
  }

  stop(): void {
    window.removeEventListener("online", this.wake);
    window.removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.wake);
    this.set("stopped");
    this.newest_attempt += 1;
    this.drop();
    this.requests.closed();
    this.cursor = null;
    this.attempt = 0;
  }

  get isLive(): boolean {
    return this.connection.get().state === "live";
  }

  /**
   * Asks and waits for the answer. With `keep` the request outlives a broken connection and is sent again after the
   * next hello: only for requests that carry a key and may arrive twice.
   */
  request<T>(op: string, fields: object, { keep = false } = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!keep && !this.isLive) return reject(localProblem("disconnected", "There is no live connection."));
      const id = this.requests.add(op, fields, { resolve: resolve as (data: unknown) => void, reject }, keep);
      if (this.isLive) this.requests.send(id);
    });
  }

  /** Says something that may be lost: typing, viewing, presence. */
  tell(op: string, fields: object): void {
    if (this.isLive) this.request(op, fields).catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const attempt = ++this.newest_attempt;
    let token: string | null = null;
    let problem: unknown = null;
    try {
      token = await this.options.token(this.refused ? "refused" : "hello");
    } catch (error) {
      problem = error;
    }
    // Stopped, or begun anew, while the token was on its way.
    if (attempt !== this.newest_attempt) return;
    if (problem) {
      this.wait = waitOf(problem);
      return this.scheduleRetry();
    }
    this.refused = false;
    if (token) this.open(token);
    else this.stop();
  }

  private open(token: string): void {
    const socket = new WebSocket(this.options.url());
    this.socket = socket;
    this.heard_at = Date.now();
    socket.onopen = () => this.hello(socket, token);
    socket.onmessage = (event) => this.hear(socket, String(event.data));
    socket.onclose = (event) => this.closed(socket, event.code);
    this.watch = setInterval(() => this.checkBeat(), 5_000);
  }

  private hello(socket: WebSocket, token: string): void {
    const resumes = this.cursor !== null;
    const fields = { token, topics: this.options.topics(), ...(resumes ? { cursor: this.cursor } : {}) };
    const id = this.requests.add("hello", fields, {
      resolve: (data) => this.welcomed(data as { cursor: number; beat_seconds: number }, resumes),
      reject: (problem) => {
        this.wait = problem.wait;
        socket.close();
      },
    });
    this.requests.send(id);
  }

  private welcomed(data: { cursor: number; beat_seconds: number }, resumes: boolean): void {
    this.beat_ms = data.beat_seconds * 1000;
    this.attempt = 0;
    // With a cursor the missed events are still to come, so their numbers move it, not this answer.
    if (!resumes) this.cursor = data.cursor;
    this.set("live");
    this.scheduleRenewal();
    if (!resumes) this.options.onFresh("start");
    this.requests.sendWaiting();
  }

  private hear(socket: WebSocket, text: string): void {
    if (socket !== this.socket) return;
    this.heard_at = Date.now();
    const frame = readFrame(text);
    if (!frame) return this.missed(socket);
    if (frame.id !== undefined) return this.requests.answered(frame);
    if (typeof frame.seq === "number")
      this.cursor = frame.type === "reset" ? frame.seq : Math.max(this.cursor ?? 0, frame.seq);
    if (frame.type === "beat") return;
    if (frame.type === "reset") return this.options.onFresh("reset");
    if (frame.type === "bye") {
      this.wait = Number(frame.retry_after_ms ?? 500);
      return;
    }
    this.options.onFrame(String(frame.type), frame.data);
  }

  /** What cannot be read may have been an event, so what is held may be stale; before the welcome, nothing is held. */
  private missed(socket: WebSocket): void {
    if (this.isLive) this.options.onFresh("reset");
    else this.closed(socket, 0);
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.refused = code === 4401;
    this.drop();
    this.scheduleRetry();
  }

  /** Lets go of the socket. Kept requests wait for the next one, the others fail now. */
  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (this.watch) clearInterval(this.watch);
    if (this.renewal) clearTimeout(this.renewal);
    if (this.retry) clearTimeout(this.retry);
    this.watch = this.renewal = this.retry = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.requests.interrupted();
  }

  private scheduleRetry(): void {
    if (this.connection.get().state === "stopped") return;
    if (!navigator.onLine) return this.set("offline");
    const delay = this.wait ?? retryDelay(this.attempt++, (this.options.random ?? Math.random)());
    this.wait = null;
    this.set("reconnecting", Date.now() + delay);
    this.retry = setTimeout(() => void this.connect(), delay);
  }

  private readonly wake = (): void => {
    const { state } = this.connection.get();
    if (document.visibilityState === "hidden" || (state !== "reconnecting" && state !== "offline") || this.socket)
      return;
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
    this.set("reconnecting");
    void this.connect();
  };

  private readonly lost = (): void => {
    if (this.connection.get().state === "stopped") return;
    this.drop();
    this.set("offline");
  };

  private checkBeat(): void {
    if (Date.now() - this.heard_at < this.beat_ms * 2) return;
    this.drop();
    this.scheduleRetry();
  }

  private scheduleRenewal(): void {
    const delay = Math.max(1_000, this.options.tokenEndsAt() - Date.now() - RENEW_BEFORE_MS);
    if (this.renewal) clearTimeout(this.renewal);
    this.renewal = setTimeout(() => void this.renew(), delay);
  }

  private async renew(): Promise<void> {
    try {
      const token = await this.options.token("renew");
      if (!token) return this.stop();
      await this.request("renew", { token });
      this.scheduleRenewal();
    } catch {
      // The server closes with 4401 when the token ends, and we come back with a new one. Until then, try again.
      if (this.isLive) this.renewal = setTimeout(() => void this.renew(), 10_000);
    }
  }

  private set(state: Connection["state"], retry_at: number | null = null): void {
    this.connection.set({ state, retry_at });
  }
}

function readFrame(text: string): Record<string, unknown> | null {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null ? (frame as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Doubles from half a second to fifteen, with up to half of it by chance so that clients do not return as one. */
export function retryDelay(attempt: number, chance: number): number {
  const full = Math.min(15_000, 500 * 2 ** attempt);
  return Math.round(full / 2 + (full / 2) * chance);
}
