import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { problemFrom } from "@/shared/api/problem";
import { FakeSocket } from "@/test/socket";
import { LiveSocket, retryDelay } from "./socket";

const frames: [string, unknown][] = [];
const fresh: string[] = [];
const tokens: string[] = [];
let socket: LiveSocket;

async function started(): Promise<FakeSocket> {
  socket.start();
  await vi.advanceTimersByTimeAsync(0);
  FakeSocket.newest.welcome();
  return FakeSocket.newest;
}

async function reconnected(after: number): Promise<FakeSocket> {
  await vi.advanceTimersByTimeAsync(after);
  return FakeSocket.newest;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  frames.length = fresh.length = tokens.length = 0;
  let n_tokens = 0;
  const ends_at = Date.now() + 600_000;
  socket = new LiveSocket({
    url: () => "ws://switchboard.test/ws",
    topics: () => ["inbox", "me"],
    token: (why) => {
      tokens.push(why);
      return Promise.resolve(`token-${++n_tokens}`);
    },
    tokenEndsAt: () => (n_tokens > 1 ? ends_at + 600_000 : ends_at),
    onFrame: (type, data) => frames.push([type, data]),
    onFresh: (why) => fresh.push(why),
    random: () => 1,
  });
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the live socket", () => {
  it("says hello with its token and topics, and no cursor the first time", async () => {
    const first = await started();
    expect(first.sent[0]).toMatchObject({ op: "hello", token: "token-1", topics: ["inbox", "me"] });
    expect(first.sent[0]).not.toHaveProperty("cursor");
    expect(socket.connection.get().state).toBe("live");
    expect(fresh).toEqual(["start"]);
  });

  it("resumes with the highest seq of events and beats", async () => {
    const first = await started();
    first.frame({ seq: 12, topic: "inbox", type: "message.posted", data: { a: 1 } });
    first.frame({ seq: 14, type: "beat" });
    first.break();
    expect(socket.connection.get().state).toBe("reconnecting");
    const second = await reconnected(500);
    second.onopen?.();
    expect(second.sent[0]).toMatchObject({ op: "hello", cursor: 14 });
    expect(frames).toEqual([["message.posted", { a: 1 }]]);
  });

  it("keeps its old cursor until the missed events have arrived", async () => {
    (await started()).break();
    const second = await reconnected(500);
    second.welcome(99, true);
    second.break();
    const third = await reconnected(500);
    third.onopen?.();
    expect(third.sent[0]).toMatchObject({ cursor: 10 });
  });

  it("asks for everything anew after a reset and goes on from its seq", async () => {
    const first = await started();
    first.frame({ type: "reset", seq: 500 });
    expect(fresh).toEqual(["start", "reset"]);
    first.break();
    const second = await reconnected(500);
    second.onopen?.();
    expect(second.sent[0]).toMatchObject({ cursor: 500 });
  });

  it("sends kept requests again with the same fields after a reconnect", async () => {
    const first = await started();
    const sent = socket.request("send", { key: "k1", text: "hi" }, { keep: true });
    first.break();
    const second = await reconnected(500);
    second.welcome(10, true);
    const again = second.sent.find((frame) => frame.op === "send")!;
    expect(again).toMatchObject({ key: "k1", text: "hi" });
    second.frame({ id: again.id, ok: true, data: { stored: true } });
    await expect(sent).resolves.toEqual({ stored: true });
  });

  it("fails other requests when the connection breaks", async () => {
    const first = await started();
    const read = socket.request("read", { through: 3 });
    const expectation = expect(read).rejects.toMatchObject({ code: "disconnected" });
    first.break();
    await expectation;
  });

  it("gives up waiting for an answer after ten seconds", async () => {
    await started();
    const expectation = expect(socket.request("read", {})).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(10_000);
    await expectation;
  });

  it("hands the server's problem to whoever asked", async () => {
    const first = await started();
    const asked = socket.request("send", {}, { keep: true });
    const id = first.sent.at(-1)!.id;
    first.frame({
      id,
      ok: false,
      problem: { type: "", title: "t", status: 409, code: "answered_since", detail: "d", errors: [], trace: "x" },
    });
    await expect(asked).rejects.toMatchObject({ code: "answered_since" });
  });

  it.each(["<html>Bad gateway</html>", "", "null", "7", '{"seq": 12, "ty'])(
    "asks for everything anew when it cannot read what it hears: %j",
    async (text) => {
      const first = await started();
      first.onmessage?.({ data: text });
      expect(fresh).toEqual(["start", "reset"]);
      first.frame({ seq: 12, topic: "inbox", type: "message.posted", data: {} });
      expect(frames).toEqual([["message.posted", {}]]);
      expect(FakeSocket.all).toHaveLength(1);
    },
  );

  it("comes back later when it cannot read the answer to its hello", async () => {
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeSocket.newest.onopen?.();
    FakeSocket.newest.onmessage?.({ data: "<html>Bad gateway</html>" });
    expect(FakeSocket.newest.closed).toBe(true);
    expect(socket.connection.get().state).toBe("reconnecting");
    (await reconnected(500)).welcome();
    expect(socket.connection.get().state).toBe("live");
    expect(fresh).toEqual(["start"]);
  });

  it("comes back as late as a bye asks", async () => {
    const first = await started();
    first.frame({ type: "bye", reason: "restart", retry_after_ms: 3_000 });
    first.break(1001);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(FakeSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("has one connection when it is stopped and started while its token is on the way", async () => {
    socket.start();
    socket.stop();
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeSocket.all).toHaveLength(1);
    FakeSocket.newest.welcome();
    expect(socket.connection.get().state).toBe("live");
  });

  it("comes back as late as the server asks that refuses its hello", async () => {
    socket.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeSocket.newest.onopen?.();
    FakeSocket.newest.refuse("hello", { code: "unavailable", retry_after_ms: 4_000 });
    FakeSocket.newest.break();
    await vi.advanceTimersByTimeAsync(3_900);
    expect(FakeSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("asks for its token as late as the server asks that gave none", async () => {
    let n_asked = 0;
    socket = new LiveSocket({
      url: () => "ws://switchboard.test/ws",
      topics: () => [],
      token: () => {
        n_asked += 1;
        return Promise.reject(problemFrom({ code: "too_many", errors: [] }, 429, "7"));
      },
      tokenEndsAt: () => 0,
      onFrame: () => undefined,
      onFresh: () => undefined,
    });
    socket.start();
    await vi.advanceTimersByTimeAsync(6_900);
    expect(n_asked).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(n_asked).toBe(2);
  });

  it("takes a connection for dead after two silent beats", async () => {
    const first = await started();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(first.closed).toBe(true);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it("renews its token a minute before it ends", async () => {
    const first = await started();
    const beats = setInterval(() => first.frame({ type: "beat", seq: 10 }), 10_000);
    await vi.advanceTimersByTimeAsync(541_000);
    clearInterval(beats);
    expect(first.sent.at(-1)).toMatchObject({ op: "renew", token: "token-2" });
  });

  it("asks for another token when the server refused the one it had", async () => {
    (await started()).break(4401);
    await reconnected(500);
    expect(tokens).toEqual(["hello", "refused"]);
  });
});

describe("the delay before a reconnect", () => {
  it.each([
    [0, 0, 250],
    [0, 1, 500],
    [1, 1, 1_000],
    [3, 0.5, 3_000],
    [5, 1, 15_000],
    [40, 1, 15_000],
  ])("attempt %i with chance %f waits %i ms", (attempt, chance, expected) => {
    expect(retryDelay(attempt, chance)).toBe(expected);
  });
});
