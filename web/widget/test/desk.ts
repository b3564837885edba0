// The other side of the widget: what it asks is noted, and what the test puts here is what it gets.
import { vi } from "vitest";
import { ApiProblem } from "@/shared/api/problem";
import { FakeSocket } from "@/test/socket";
import { Memory } from "../memory";
import { Chat } from "../model/chat";
import { type NewVisit, Server, type Visit, type VisitorConversation, type VisitorMessage } from "../server";
import type { Identity } from "../settings";
import { config, visit } from "./build";

export const problem = (word: string, more: object = {}) => {
  const code = word as ApiProblem["problem"]["code"];
  return new ApiProblem({
    type: "",
    title: code,
    status: 400,
    code,
    detail: code,
    errors: [],
    trace: "",
    retry_after_ms: null,
    ...more,
  });
};

export class Desk {
  /** What the next visit gives, or why there is none. */
  gives: Visit | ApiProblem | Promise<Visit> = visit();
  conversations: VisitorConversation[] = [];
  /** What the list of conversations waits for. */
  isFree = Promise.resolve();
  messages: VisitorMessage[] = [];
  readonly visits: NewVisit[] = [];
  readonly pages: (number | undefined)[] = [];
  readonly updates: { email: string }[] = [];
  readonly memory = new Memory("wc_1");
  readonly server = Object.assign(new Server("http://switchboard.test"), {
    visit: (asked: NewVisit) => {
      this.visits.push(asked);
      return this.gives instanceof ApiProblem ? Promise.reject(this.gives) : Promise.resolve(this.gives);
    },
    conversations: async () => {
      const items = this.conversations;
      await this.isFree;
      return { items };
    },
    /** Two a page. */
    messages: (id: string, before = Infinity) => {
      this.pages.push(before === Infinity ? undefined : before);
      const all = this.messages.filter((one) => one.conversation_id === id && one.position < before);
      return Promise.resolve({ items: all.slice(-2), has_earlier: all.length > 2, has_later: before !== Infinity });
    },
    update: (me: { email: string }) => {
      this.updates.push(me);
      if (!me.email.includes("@"))
        return Promise.reject(problem("invalid", { errors: [{ field: "email", message: "is no address" }] }));
      return Promise.resolve({ id: "p1", name: "Visitor 7C64", email: me.email, verified: false, version: 2 });
    },
  });

  chat({
    identity = null as Identity | null,
    ...looks
  }: Partial<Parameters<typeof config>[0]> & { identity?: Identity | null } = {}): Chat {
    const settings = config(looks);
    if ("config" in this.gives) this.gives = { ...this.gives, config: settings };
    return new Chat(this.server, this.memory, "wc_1", identity, settings);
  }
}

/** Lets what was asked be answered; the socket that comes of it says hello. */
export async function connected(cursor = 10, resumed = false): Promise<FakeSocket> {
  await vi.advanceTimersByTimeAsync(0);
  FakeSocket.newest.welcome(cursor, resumed);
  await vi.advanceTimersByTimeAsync(0);
  return FakeSocket.newest;
}
