import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSocket } from "@/test/socket";
import { conversation, visit } from "../test/build";
import { connected, Desk, problem } from "../test/desk";
import type { Chat } from "./chat";

let desk: Desk;
let chat: Chat;

const now = () => chat.state.get();
const waiting = () => chat.outbox.items.get().map((one) => one.text);
const tick = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  desk = new Desk();
});

afterEach(() => {
  chat.end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a visit that is refused", () => {
  it.each([
    ["identity_required", /sign in on this site/],
    ["bad_identity", /could not confirm who you are/],
    ["channel_disabled", /not available/],
  ])("for good says so and is not tried again: %s", async (code, words) => {
    desk.gives = problem(code);
    chat = desk.chat({ require_identity: true });
    chat.open();
    await tick();
    expect(now().refused).toMatch(words);
    chat.send("Hello?");
    await tick(60_000);
    expect([desk.visits.length, FakeSocket.all.length]).toEqual([1, 0]);
  });

  it("for now is tried again, and what was written is sent then", async () => {
    desk.gives = problem("too_many");
    chat = desk.chat();
    chat.open();
    chat.send("Hello?");
    await tick();
    expect([now().refused, now().notice]).toEqual([null, "There is a lot going on. We keep trying."]);
    desk.gives = visit();
    await tick(60_000);
    const socket = await connected();
    expect(socket.asked("send")).toMatchObject([{ text: "Hello?" }]);
    expect(now().notice).toBeNull();
  });
});

describe("whoever the page names", () => {
  const ada = { token: "ada" };
  const grace = { token: "grace" };
  const as = (id: string) => visit({ contact: { id, name: id, email: null, verified: true, version: 1 } });

  it("is who the visit is for, and nothing of the one before stays", async () => {
    desk.gives = { ...as("ada"), conversations: [conversation()] };
    chat = desk.chat({ identity: ada });
    chat.open();
    await connected();
    chat.startNew();
    FakeSocket.newest.break();
    chat.send("Only Ada's to send");
    desk.gives = as("grace");
    chat.identify(grace);
    await connected();
    expect(desk.visits.map((one) => one.identity)).toEqual([ada, grace]);
    expect([now().contact?.id, now().conversations, waiting()]).toEqual(["grace", [], []]);
  });

  it("wins over a visit that was under way for another", async () => {
    let late = (_: ReturnType<typeof as>): void => undefined;
    desk.gives = new Promise((give) => (late = give));
    chat = desk.chat({ identity: ada });
    chat.open();
    desk.gives = as("grace");
    chat.identify(grace);
    await connected();
    late(as("ada"));
    await tick();
    expect(now().contact?.id).toBe("grace");
    expect(desk.visits.at(-1)?.identity).toEqual(grace);
  });

  it("leaves nothing in the browser when they sign out", async () => {
    desk.gives = visit({ conversations: [conversation()] });
    chat = desk.chat({ identity: ada });
    chat.open();
    await connected();
    chat.outbox.add("c1", "Draft", null);
    chat.end();
    expect(localStorage).toHaveLength(0);
    expect([now().contact, now().conversations, waiting()]).toEqual([null, [], []]);
    expect(FakeSocket.newest.closed).toBe(true);
  });
});
