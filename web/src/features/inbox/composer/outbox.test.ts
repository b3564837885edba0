import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { localProblem, problemFrom } from "@/shared/api/problem";
import { live } from "@/shared/live/live";
import { signedIn } from "@/shared/session/session";
import { conversation, item, me, message } from "@/test/build";
import { keys } from "../model/api";
import { discard, onTheWay, outbox, send, sendAgain } from "./outbox";

const refusal = (code: string, detail = code) =>
  problemFrom({ code, detail, title: "", type: "", status: 409, errors: [], trace: "" }, 409);
const reply = { conversation_id: "c1", kind: "reply" as const, text: "hi", seen: 4 };
const states = () => outbox.get().map((one) => one.state);

let cache: QueryClient;

beforeEach(() => {
  vi.useFakeTimers();
  signedIn({ access_token: "t", expires_in: 900, refresh_token: "", me: me() });
  cache = new QueryClient();
  cache.setQueryData(keys.conversation("c1"), item());
  outbox.set([]);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a message on its way", () => {
  it("carries one key and what its writer had seen, and leaves when it is stored", async () => {
    const request = vi
      .spyOn(live, "request")
      .mockResolvedValue({ conversation: conversation({ version: 2 }), message: message(5) });
    send(cache, reply);
    const [outgoing] = outbox.get();
    expect(request).toHaveBeenCalledWith(
      "send",
      { conversation_id: "c1", kind: "reply", text: "hi", key: outgoing!.key, seen: 4 },
      { keep: true },
    );
    await vi.waitFor(() => expect(outbox.get()).toEqual([]));
  });

  it("is held when a colleague answered first, and goes with the newer seen", async () => {
    const request = vi
      .spyOn(live, "request")
      .mockRejectedValueOnce(refusal("answered_since"))
      .mockResolvedValue({ conversation: conversation(), message: message(7) });
    send(cache, reply);
    await vi.waitFor(() => expect(states()).toEqual(["held"]));
    const { key } = outbox.get()[0]!;
    sendAgain(cache, key, 6);
    expect(request).toHaveBeenLastCalledWith("send", expect.objectContaining({ key, seen: 6 }), { keep: true });
  });

  it("is sent again by itself after a passing trouble, with its key", async () => {
    const request = vi
      .spyOn(live, "request")
      .mockRejectedValueOnce(refusal("unavailable"))
      .mockReturnValue(new Promise(() => undefined));
    vi.spyOn(live.connection, "get").mockReturnValue({ state: "live", retry_at: null });
    send(cache, reply);
    await vi.advanceTimersByTimeAsync(1_100);
    const sent = request.mock.calls.map(([, fields]) => (fields as { key: string }).key);
    expect(sent).toHaveLength(2);
    expect(new Set(sent).size).toBe(1);
    expect(states()).toEqual(["sending"]);
  });

  it("waits as long as the server asks", async () => {
    const busy = problemFrom({ code: "too_many", errors: [], retry_after_ms: 9_000 }, 429);
    const request = vi.spyOn(live, "request").mockRejectedValue(busy);
    vi.spyOn(live.connection, "get").mockReturnValue({ state: "live", retry_at: null });
    send(cache, reply);
    await vi.advanceTimersByTimeAsync(8_900);
    expect(request).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(200);
    expect(request).toHaveBeenCalledTimes(2);
  });

  it("says why it was refused for good", async () => {
    vi.spyOn(live, "request").mockRejectedValue(refusal("invalid", "the text is too long"));
    send(cache, reply);
    await vi.waitFor(() => expect(states()).toEqual(["failed"]));
    expect(outbox.get()[0]!.problem).toBe("The text is too long.");
    discard(outbox.get()[0]!.key);
    expect(outbox.get()).toEqual([]);
  });

  it("waits for its writer when the app has stopped", async () => {
    vi.spyOn(live, "request").mockRejectedValue(localProblem("disconnected", "closed"));
    send(cache, reply);
    await vi.waitFor(() => expect(states()).toEqual(["failed"]));
  });

  it("is not shown twice once it is stored", () => {
    const outgoing = { ...reply, by: "u", key: "key-5", at: "", state: "sending" as const, attempts: 0 };
    expect(onTheWay([outgoing], "c1", { items: [message(5)], has_earlier: false, has_later: false })).toEqual([]);
    expect(onTheWay([outgoing], "c1", { items: [message(4)], has_earlier: false, has_later: false })).toEqual([
      outgoing,
    ]);
    expect(onTheWay([outgoing], "c2", undefined)).toEqual([]);
  });
});
