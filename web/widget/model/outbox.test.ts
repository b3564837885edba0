import { beforeEach, describe, expect, it, vi } from "vitest";
import { Memory } from "../memory";
import { Outbox, isNew, newThread } from "./outbox";

beforeEach(() => localStorage.clear());

describe("the outbox", () => {
  it("is there after a reload, in the order of writing", () => {
    vi.useFakeTimers();
    const first = new Outbox(new Memory("key"));
    for (const text of ["one", "two", "three"]) {
      first.add("c1", text, null);
      vi.advanceTimersByTime(1);
    }
    vi.useRealTimers();
    first.remove(first.items.get()[1]?.key ?? "");
    const second = new Outbox(new Memory("key"));
    expect(second.items.get().map((one) => one.text)).toEqual(["one", "three"]);
    expect(second.items.get()).toEqual(first.items.get());
    expect(new Outbox(new Memory("other")).items.get()).toEqual([]);
  });

  it("passes over what failed until it is tried again", () => {
    const outbox = new Outbox(new Memory("key"));
    outbox.add("c1", "one", null);
    outbox.add("c1", "two", null);
    outbox.change((one) => one.text === "one", { failed: "too long" });
    expect(outbox.next()?.text).toBe("two");
    outbox.change((one) => one.text === "one", { failed: null });
    expect(outbox.next()?.text).toBe("one");
  });

  it("lets nobody send what somebody else wrote while signed in", () => {
    const outbox = new Outbox(new Memory("key"));
    outbox.add("c1", "as Ada", "ada");
    outbox.add("c1", "before signing in", null);
    outbox.keepFor("grace");
    expect(outbox.items.get().map((one) => one.text)).toEqual(["before signing in"]);
    expect(new Outbox(new Memory("key")).items.get()).toHaveLength(1);
  });

  it("makes keys without randomUUID, where the page is plain http", () => {
    vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => someBytes(bytes) });
    const name = newThread();
    vi.unstubAllGlobals();
    expect(name).toMatch(/^new:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(isNew(name)).toBe(true);
  });
});

function someBytes(bytes: Uint8Array): Uint8Array {
  return bytes.map(() => Math.floor(Math.random() * 256));
}
