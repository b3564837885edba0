import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSocket } from "@/test/socket";
import { answered, conversation, message, visit } from "../test/build";
import { connected, Desk } from "../test/desk";
import type { Chat } from "./chat";
import { isNew } from "./outbox";

let desk: Desk;
let chat: Chat;
let seq = 10;

const now = () => chat.state.get();
const texts = (id: string) => now().threads[id]?.messages.map((one) => one.text);
const waiting = () => chat.outbox.items.get().map((one) => one.text);
const tick = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function tell(type: string, data: object): void {
  FakeSocket.newest.frame({ seq: ++seq, topic: "me", type, data });
}

function see(state: "visible" | "hidden"): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

/** A customer who has one conversation, of which they hold the answer at `position`. */
async function returning(position = 2): Promise<FakeSocket> {
  desk.memory.set("visitor", "visitor-1");
  desk.memory.set("talked", true);
  const { conversation: one, message: answer } = answered(position);
  desk.conversations = [one];
  desk.messages = [...Array.from({ length: position - 1 }, (_, index) => message(index + 1)), answer];
  desk.gives = visit({ conversations: [one] });
  chat = desk.chat();
  return connected();
}

beforeEach(() => {
  localStorage.clear();
  seq = 10;
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  desk = new Desk();
});

afterEach(() => {
  chat.end();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("somebody new", () => {
  it("is not made known by looking; writing begins the visit and the conversation", async () => {
    chat = desk.chat();
    chat.open();
    await tick(1_000);
    expect([desk.visits, FakeSocket.all]).toEqual([[], []]);
    chat.send("Do you ship to Lisbon?");
    const socket = await connected();
    expect(desk.visits).toMatchObject([{ key: "wc_1", visitor: null, identity: null }]);
    expect(socket.sent[0]).toMatchObject({ op: "hello", token: "token", topics: ["me"] });
    const [asked] = socket.asked("send");
    expect(asked).toMatchObject({ conversation_id: null, text: "Do you ship to Lisbon?" });

    const written = message(1, { text: "Do you ship to Lisbon?", key: String(asked?.key) });
    socket.answer("send", { conversation: conversation(), message: written });
    await tick();
    expect(now().thread).toBe("c1");
    expect(texts("c1")).toEqual(["Do you ship to Lisbon?"]);
    expect(waiting()).toEqual([]);
    expect(desk.memory.get("visitor")).toBe("visitor-1");
  });

  it("goes on in the same conversation with what was written before it had a name", async () => {
    chat = desk.chat();
    chat.open();
    const { view } = now();
    chat.send("One");
    chat.send("Two");
    const socket = await connected();
    expect(socket.asked("send")).toHaveLength(1);
    const key = String(socket.asked("send")[0]?.key);
    socket.answer("send", { conversation: conversation(), message: message(1, { text: "One", key }) });
    await tick();
    expect(socket.asked("send").map((one) => [one.conversation_id, one.text])).toEqual([
      [null, "One"],
      ["c1", "Two"],
    ]);
    expect([now().thread, now().view]).toEqual(["c1", view]);
  });

  it("sees a message once when the event is faster than the answer", async () => {
    chat = desk.chat();
    chat.open();
    chat.send("One");
    const socket = await connected();
    const key = String(socket.asked("send")[0]?.key);
    const change = { conversation: conversation(), message: message(1, { text: "One", key }) };
    tell("conversation.started", change);
    expect([texts("c1"), waiting()]).toEqual([["One"], []]);
    socket.answer("send", change);
    await tick();
    expect([texts("c1"), waiting()]).toEqual([["One"], []]);
  });

  it("keeps what began while everything was asked for anew", async () => {
    let free = (): void => undefined;
    desk.isFree = new Promise((go) => (free = go));
    chat = desk.chat();
    chat.open();
    chat.send("One");
    const socket = await connected();
    const key = String(socket.asked("send")[0]?.key);
    socket.answer("send", { conversation: conversation(), message: message(1, { text: "One", key }) });
    await tick();
    free();
    await tick();
    expect([texts("c1"), now().conversations.length]).toEqual([["One"], 1]);
  });

  it("is asked for an address once", async () => {
    chat = desk.chat({ ask_email: true });
    chat.open();
    chat.send("One");
    const socket = await connected();
    const key = String(socket.asked("send")[0]?.key);
    socket.answer("send", { conversation: conversation(), message: message(1, { key }) });
    await tick();
    expect(now().asks_email).toBe(true);
    expect(await chat.giveEmail("nobody")).toBe("That does not look like an e-mail address.");
    expect(await chat.giveEmail("ada@engine.example")).toBeNull();
    expect(now().contact?.email).toBe("ada@engine.example");
    chat.dropEmailAsk();
    expect([now().asks_email, desk.memory.get("email_asked")]).toEqual([false, true]);
  });
});

describe("somebody who has talked here before", () => {
  it("hears of an answer while the chat is closed, and has it read by opening", async () => {
    const socket = await returning();
    expect(now().conversations[0]?.unread).toBe(1);
    expect(socket.asked("received")).toMatchObject([{ conversation_id: "c1", through: 2 }]);
    expect(socket.asked("read")).toEqual([]);
    chat.open();
    await tick();
    expect([now().thread, texts("c1")]).toEqual(["c1", ["1", "2"]]);
    expect(socket.asked("read")).toMatchObject([{ conversation_id: "c1", through: 2 }]);
    expect(now().conversations[0]?.unread).toBe(0);
  });

  it("is led to their conversation as soon as it is known which they have", async () => {
    desk.memory.set("visitor", "visitor-1");
    chat = desk.chat();
    desk.gives = visit({ conversations: [conversation()] });
    chat.open();
    expect(isNew(now().thread ?? "")).toBe(true);
    await connected();
    expect(now().thread).toBe("c1");
    chat.end();
    desk.memory.set("visitor", "visitor-1");
    chat = desk.chat();
    await tick(1_000);
    expect(desk.visits).toHaveLength(1);
  });

  it("is recognised on every page from then on", async () => {
    desk.memory.set("visitor", "visitor-1");
    desk.gives = visit({ conversations: [conversation()] });
    desk.chat().open();
    await connected();
    chat = desk.chat();
    await connected();
    expect(desk.visits.map((one) => one.visitor)).toEqual(["visitor-1", "visitor-1"]);
  });

  it("visits again when the server no longer takes the token, and keeps what is on screen", async () => {
    const socket = await returning();
    chat.open();
    await tick();
    socket.break(4401);
    await tick(500);
    await connected(10, true);
    expect([desk.visits.length, texts("c1")]).toEqual([2, ["1", "2"]]);
  });

  it("sees nothing of another when the visit turns out to be for them", async () => {
    const socket = await returning();
    chat.open();
    await tick();
    desk.gives = visit({ contact: { id: "p2", name: "Grace", email: null, verified: false, version: 1 } });
    desk.conversations = [];
    socket.break(4401);
    await tick(500);
    await connected(10, true);
    expect([now().threads, now().conversations]).toEqual([{}, []]);
  });

  it("has read nothing while the page is hidden", async () => {
    const socket = await returning();
    see("hidden");
    chat.open();
    await tick();
    expect(socket.asked("read")).toEqual([]);
    see("visible");
    expect(socket.asked("read")).toHaveLength(1);
  });

  it("tells each mark once, and again after the connection was lost", async () => {
    const socket = await returning();
    chat.open();
    await tick();
    see("visible");
    expect([socket.asked("received"), socket.asked("read")].map((all) => all.length)).toEqual([1, 1]);
    tell("message.posted", answered(3));
    expect([socket.asked("received"), socket.asked("read")].map((all) => all.at(-1)?.through)).toEqual([3, 3]);
    socket.break();
    tell("message.posted", answered(4));
    await tick(500);
    const second = await connected(10, true);
    expect(desk.visits).toHaveLength(1);
    tell("message.posted", answered(4));
    expect(second.asked("read").map((one) => one.through)).toEqual([4]);
  });

  it("lets a mark and a sign of typing be when the server has no time for them", async () => {
    const socket = await returning();
    const busy = { code: "too_many", errors: [], retry_after_ms: 100 };
    socket.refuse("received", busy);
    chat.show("c1");
    chat.type(true);
    socket.refuse("typing", busy);
    await tick(10_000);
    expect([socket.asked("received"), socket.asked("typing")].map((all) => all.length)).toEqual([1, 1]);
    expect([now().notice, now().refused]).toEqual([null, null]);
  });

  it("tells a mark again when the server does not know of it after a gap", async () => {
    const socket = await returning();
    chat.open();
    await tick();
    socket.break();
    await tick(500);
    const second = await connected(10, true);
    second.frame({ type: "reset", seq: 90 });
    await tick();
    expect([second.asked("received"), second.asked("read")].map((all) => all.at(-1)?.through)).toEqual([2, 2]);
  });

  it("reads what came before, page by page", async () => {
    await returning(5);
    chat.open();
    await tick();
    expect([texts("c1"), now().threads.c1?.has_earlier]).toEqual([["4", "5"], true]);
    await chat.loadEarlier("c1");
    await chat.loadEarlier("c1");
    expect([texts("c1"), now().threads.c1?.has_earlier]).toEqual([["1", "2", "3", "4", "5"], false]);
    expect(desk.pages).toEqual([undefined, 4, 2]);
  });

  it("sees who is typing, until they pause, have written, or are out of reach", async () => {
    const socket = await returning();
    const types = (on: boolean) =>
      socket.frame({ type: "typing", data: { conversation_id: "c1", who: { kind: "user", name: "Maya Lind" }, on } });
    types(true);
    expect(now().typing).toEqual({ c1: "Maya Lind" });
    await tick(6_500);
    expect(now().typing).toEqual({});
    types(true);
    tell("message.posted", answered(3));
    expect(now().typing).toEqual({});
    types(true);
    types(false);
    expect(now().typing).toEqual({});
    types(true);
    socket.break();
    expect(now().typing).toEqual({});
  });

  it("does not see their own typing, and tells it in a conversation that there is", async () => {
    const socket = await returning();
    const who = { kind: "contact", name: "Visitor 7C64" };
    socket.frame({ type: "typing", data: { conversation_id: "c1", who, on: true } });
    expect(now().typing).toEqual({});
    chat.startNew();
    chat.type(true);
    chat.show("c1");
    chat.type(true);
    expect(socket.asked("typing")).toMatchObject([{ conversation_id: "c1", on: true }]);
  });

  it("sees how far the team has read", async () => {
    await returning();
    tell("conversation.read", { conversation_id: "c1", reader: "team", through: 2 });
    expect(now().conversations[0]?.team_read).toBe(2);
  });

  it("has what was missed after a gap, and what came while it was asked for", async () => {
    const socket = await returning();
    chat.open();
    await tick();
    desk.messages = [...desk.messages, message(3)];
    socket.frame({ type: "reset", seq: 90 });
    tell("message.posted", answered(4));
    await tick();
    expect(texts("c1")).toEqual(["2", "3", "4"]);
  });

  it("writes anew what belonged to a conversation that is no longer theirs", async () => {
    await returning();
    chat.open();
    chat.outbox.add("gone", "Still there?", null);
    chat.identify(null);
    await connected();
    expect(FakeSocket.newest.asked("send")).toMatchObject([{ conversation_id: null, text: "Still there?" }]);
  });

  it("is led back to what was begun and not yet sent", async () => {
    const socket = await returning();
    chat.startNew();
    chat.send("Another thing");
    chat.close();
    socket.break();
    chat.show(null);
    chat.open();
    const { thread } = now();
    expect(chat.outbox.items.get()[0]?.thread).toBe(thread);
  });
});
