// A server of our own: a free port, a fresh data folder, and a hand to kill it with.
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../../..");
const START_MS = 60_000;

// Many visits and sign-ins from one address are what tests are made of.
const generous = Object.fromEntries(
  ["LIMITS__WIDGET_VISITS", "LIMITS__WIDGET_MESSAGES", "SECURITY__LOGIN", "SECURITY__SIGN_UP"].flatMap((limit) =>
    ["PER_MINUTE", "BURST"].map((part) => [`SWITCHBOARD_${limit}__${part}`, "10000"]),
  ),
);

// The server refuses settings it does not know, and those of whoever runs the tests are not ours.
const surroundings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith("SWITCHBOARD_") && name !== "DATABASE_URL"),
);

export class Server {
  url = "";
  /** The key of the demo channel. */
  key = "";
  private child: ChildProcess | null = null;
  private port = 0;
  private said = "";
  private readonly folder = mkdtempSync(join(tmpdir(), "switchboard-e2e-"));

  constructor(private readonly settings: Record<string, string>) {
    // The database may run as another user, who has to get in.
    chmodSync(this.folder, 0o755);
  }

  async start(): Promise<void> {
    const binary = process.env.SWITCHBOARD_BIN;
    if (!binary) throw new Error("SWITCHBOARD_BIN must name the server's binary");
    this.port ||= await freePort();
    this.said = "";
    const child = spawn(
      binary,
      ["serve", "--demo", "--data-dir", join(this.folder, "data"), "--port", String(this.port)],
      {
        cwd: ROOT,
        env: { ...surroundings, ...generous, ...this.settings },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.child = child;
    child.stdout.on("data", (bytes: Buffer) => (this.said += String(bytes)));
    child.stderr.on("data", (bytes: Buffer) => (this.said += String(bytes)));
    await this.untilReady(child);
    this.url = `http://127.0.0.1:${this.port}`;
    this.key = /widget-test\?key=(\S+)/.exec(this.said)?.[1] ?? "";
    if (!this.key) throw new Error(`the server told no widget key:\n${this.said}`);
  }

  /** The hardest end: nothing is finished, nothing is said. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  }

  private async untilReady(child: ChildProcess): Promise<void> {
    const until = Date.now() + START_MS;
    while (Date.now() < until) {
      if (child.exitCode !== null) break;
      const answer = await fetch(`http://127.0.0.1:${this.port}/health/ready`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((next) => setTimeout(next, 100));
    }
    throw new Error(`the server did not start:\n${this.said}`);
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? found(address.port) : failed(new Error("no port"))));
    });
  });
}
