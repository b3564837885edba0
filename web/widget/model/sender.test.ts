import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveSocket } from "@/shared/live/socket";
import { FakeSocket } from "@/test/socket";
import { Memory } from "../memory";
import { conversation, message } from "../test/build";
import { connected } from "../test/desk";
import { isNew, newThread, Outbox } from "./outbox";
import { Sender } from "./sender";

const refusal = (code: string, more: object = {}) => ({
  type: "",
  title: code,
  status: 400,
  code,
  detail: code,
  errors: [],
  trace: "",
  ...more,
});

let live: LiveSocket;
let outbox: Outbox;
let sender: Sender;
let socket: FakeSocket;
const stored: [string, string | undefined][] = [];
const notices: (string | null)[] = [];

const sent = () => socket.asked("send").map((one) => one.text);
const tick = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const store = () => {
  const asked = socket.asked("send").at(-1)!;
  socket.answer("send", { conversation: conversation(), message: message(1, { key: String(asked.key) }) });
  return tick();
};

beforeEach(async () => {
  localStorage.clear();
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  stored.length = notices.length = 0;
  live = new LiveSocket({
    url: () => "ws://switchboard.test/ws",
    topics: () => ["me"],
    token: () => Promise.resolve("token"),
    tokenEndsAt: () => Date.now() + 900_000,
    onFrame: () => undefined,
    onFresh: () => undefined,
  });
  outbox = new Outbox(new Memory("wc_1"));
  sender = new Sender(live, outbox, {
    sent: (thread, { message }) => stored.push([thread, message?.key]),
    notice: (notice) => notices.push(notice),
  });
  live.start();
  socket = await connected();
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the sender", () => {
  it("sends one after the other, each with its key, and the next only when one is stored", async () => {
    outbox.add("c1", "One", null);
    outbox.add("c1", "Two", null);
    void sender.run();
    void sender.run();
    expect(sent()).toEqual(["One"]);
    const [first, second] = outbox.items.get().map((one) => one.key);
    await store();
    expect(sent()).toEqual(["One", "Two"]);
    await store();
    expect(socket.asked("send").map((one) => one.key)).toEqual([first, second]);
    expect(stored).toEqual([
      ["c1", first],
      ["c1", second],
    ]);
    expect(outbox.items.get()).toEqual([]);
  });

  it("sends again with the same key what was refused for now, and says why it takes so long", async () => {
    outbox.add("c1", "One", null);
    void sender.run();
    socket.refuse("send", refusal("too_many"));
    await tick(2_400);
    expect(sent()).toEqual(["One"]);
    expect(notices.at(-1)).toMatch(/quick/);
    await tick(200);
    const [first, again] = socket.asked("send");
    expect(again).toMatchObject({ key: first?.key, text: "One" });
    await store();
    expect([notices.at(-1), outbox.items.get()]).toEqual([null, []]);
  });

  it("waits as long as the server asks", async () => {
    outbox.add("c1", "One", null);
    void sender.run();
    socket.refuse("send", refusal("too_many", { retry_after_ms: 9_000 }));
    await tick(8_900);
    expect(sent()).toEqual(["One"]);
    await tick(200);
    expect(sent()).toEqual(["One", "One"]);
  });

  it("keeps with its reason what can never be sent, and goes on with the next", async () => {
    outbox.add("c1", "Far too long", null);
    outbox.add("c1", "Short", null);
    void sender.run();
    socket.refuse("send", refusal("invalid", { errors: [{ field: "text", message: "is too long" }] }));
    await tick();
    expect(sent()).toEqual(["Far too long", "Short"]);
    expect(outbox.items.get()[0]).toMatchObject({ text: "Far too long", failed: "Text: is too long." });
  });

  it("begins a new conversation when the one that was meant is gone", async () => {
    outbox.add("gone", "One", null);
    outbox.add("gone", "Two", null);
    void sender.run();
    socket.refuse("send", refusal("not_found"));
    await tick();
    expect(socket.asked("send").at(-1)).toMatchObject({ conversation_id: null, text: "One" });
    const threads = new Set(outbox.items.get().map((one) => one.thread));
    expect([threads.size, [...threads].every(isNew)]).toEqual([1, true]);
  });

  it("tries again when two things happened at once", async () => {
    outbox.add(newThread(), "One", null);
    void sender.run();
    socket.refuse("send", refusal("conflict"));
    await tick(2_500);
    expect(sent()).toEqual(["One", "One"]);
    expect(outbox.items.get()[0]?.failed).toBeNull();
  });

  it("stops when the connection is gone, and the next one brings out the rest", async () => {
    outbox.add("c1", "One", null);
    outbox.add("c1", "Two", null);
    void sender.run();
    socket.break();
    await tick(500);
    socket = await connected(10, true);
    expect(sent()).toEqual([]);
    void sender.run();
    await store();
    await store();
    expect(sent()).toEqual(["One", "Two"]);
    expect(outbox.items.get()).toEqual([]);
  });

  it("does not tell what the event has told already", async () => {
    outbox.add("c1", "One", null);
    void sender.run();
    outbox.remove(outbox.items.get()[0]!.key);
    await store();
    expect(stored).toEqual([]);
  });
});
