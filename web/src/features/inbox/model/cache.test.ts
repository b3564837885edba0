import { QueryClient } from "@tanstack/react-query";
import { delay, http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { InboxItem, Label, Page } from "@/contract";
import { signedIn } from "@/shared/session/session";
import { conversation, item, label, me, message } from "@/test/build";
import { server } from "@/test/server";
import { actionsOn } from "./actions";
import { countsQuery, keys, listQuery, messagesQuery } from "./api";
import { heldItem, takeChange } from "./cache";
import type { ListFilter } from "./filter";
import { inboxLive } from "./live";
import type { Pages } from "./list";

const address = (path: string) => `http://switchboard.test/api/v1/inbox${path}`;
const open: ListFilter = { view: "all", status: "open" };
const done: ListFilter = { view: "all", status: "resolved" };

let cache: QueryClient;

function hold(filter: ListFilter, items: InboxItem[]): void {
  cache.setQueryData<Pages>(keys.list(filter), { pages: [{ items, next: null }], pageParams: [""] });
}
const listed = (filter: ListFilter) =>
  cache.getQueryData<Pages>(keys.list(filter))?.pages.flatMap((page) => page.items.map((one) => one.conversation.id)) ??
  [];

beforeEach(() => {
  signedIn({ access_token: "t", expires_in: 900, refresh_token: "", me: me() });
  cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
});

describe("what the server committed", () => {
  it("moves between lists, and an older view of it changes nothing", () => {
    hold(open, [item({ version: 3 })]);
    hold(done, []);
    takeChange(cache, { conversation: conversation({ version: 4, status: "resolved" }), message: null });
    expect([listed(open), listed(done)]).toEqual([[], ["c1"]]);
    takeChange(cache, { conversation: conversation({ version: 2 }), message: null });
    expect([listed(open), listed(done)]).toEqual([[], ["c1"]]);
  });

  it("fetches a conversation it does not know, because only the server knows what we read", async () => {
    hold(open, []);
    server.use(
      http.get(address("/conversations/c1"), () =>
        HttpResponse.json(item({ version: 7, n_customer_messages: 5 }, { position: 9, n_customer_messages: 4 })),
      ),
    );
    takeChange(cache, { conversation: conversation({ version: 8, n_customer_messages: 6 }), message: null });
    await expect.poll(() => listed(open)).toEqual(["c1"]);
    expect(heldItem(cache, "c1")).toMatchObject({ conversation: { version: 8 }, my_read: { n_customer_messages: 4 } });
  });

  it("fills a hole in a thread", async () => {
    hold(open, [item()]);
    cache.setQueryData(messagesQuery("c1").queryKey, {
      items: [message(1), message(2)],
      has_earlier: false,
      has_later: false,
    });
    server.use(
      http.get(address("/conversations/c1/messages"), ({ request }) => {
        expect(new URL(request.url).searchParams.get("after")).toBe("2");
        return HttpResponse.json({ items: [message(3), message(4), message(5)], has_earlier: true, has_later: false });
      }),
    );
    takeChange(cache, { conversation: conversation({ version: 9 }), message: message(5) });
    await expect
      .poll(() => cache.getQueryData(messagesQuery("c1").queryKey)?.items.map((one) => one.position))
      .toEqual([1, 2, 3, 4, 5]);
  });

  it("is not lost to a list that was asked for before and arrives after", async () => {
    server.use(
      http.get(address("/conversations"), async () => {
        await delay(30);
        return HttpResponse.json({ items: [item({ version: 3 })], next: null } satisfies Page<InboxItem>);
      }),
    );
    hold(done, []);
    hold(open, [item({ version: 3 })]);
    const asked = cache.fetchInfiniteQuery({ ...listQuery(open), staleTime: 0 });
    takeChange(cache, { conversation: conversation({ version: 4, status: "resolved" }), message: null });
    await asked;
    await expect.poll(() => listed(open)).toEqual([]);
  });
});

describe("a list that is on its way while something changes", () => {
  /** Asks for the open list; what `change` does happens before the answer comes. */
  async function arrive(answer: InboxItem[], change: () => void): Promise<void> {
    server.use(
      http.get(address("/conversations"), async () => {
        await delay(30);
        return HttpResponse.json({ items: answer, next: null } satisfies Page<InboxItem>);
      }),
    );
    const asked = cache.fetchInfiniteQuery({ ...listQuery(open), staleTime: 0 });
    change();
    await asked;
  }

  it("takes in what is new, though it is the first list there is", async () => {
    await arrive([item({ id: "old" })], () => takeChange(cache, { conversation: conversation(), message: null }, true));
    expect(listed(open).toSorted()).toEqual(["c1", "old"]);
  });

  it("keeps what it knows better", async () => {
    await arrive([item({ version: 9, priority: "high" })], () =>
      takeChange(cache, { conversation: conversation({ version: 5 }), message: null }, true),
    );
    expect(heldItem(cache, "c1")?.conversation).toMatchObject({ version: 9, priority: "high" });
    expect(listed(open)).toEqual(["c1"]);
  });

  it("still shows what a person did and the server has not yet answered", async () => {
    server.use(http.put(address("/conversations/c1/status"), () => delay("infinite")));
    hold(open, [item({ version: 3 })]);
    await arrive([item({ version: 3 })], () => actionsOn(cache).setStatus("c1", "resolved"));
    expect(listed(open)).toEqual([]);
  });
});

describe("whoever comes next", () => {
  it("finds nothing of the one who sat here before", async () => {
    hold(open, [item()]);
    takeChange(cache, { conversation: conversation({ version: 2 }), message: null });
    cache.clear();
    signedIn({
      access_token: "t2",
      expires_in: 900,
      refresh_token: "",
      me: me({ tenant: { id: "t2", name: "", slug: "" } }),
    });
    server.use(http.get(address("/conversations"), () => HttpResponse.json({ items: [], next: null })));
    await cache.fetchInfiniteQuery(listQuery(open));
    expect(listed(open)).toEqual([]);
  });
});

describe("what a colleague or the customer does", () => {
  it("marks as read what I read elsewhere", () => {
    hold(open, [item({ n_customer_messages: 4 })]);
    inboxLive["conversation.read"]!(
      {
        conversation_id: "c1",
        contact_id: "p1",
        reader: { kind: "user", id: me().user.id },
        through: 6,
        n_customer_messages: 4,
        n_replies: 0,
      },
      cache,
    );
    expect(heldItem(cache, "c1")?.my_read).toEqual({ position: 6, n_customer_messages: 4 });
  });

  it("makes, renames and deletes labels, and takes a deleted one off every conversation", () => {
    const labels = () => cache.getQueryData<Page<Label>>(keys.labels)?.items.map((one) => one.name);
    cache.setQueryData(keys.labels, { items: [label()], next: null });
    const labeled: ListFilter = { ...open, label_id: "l1" };
    hold(open, [item({ label_ids: ["l1", "l2"] })]);
    hold(labeled, [item({ label_ids: ["l1", "l2"] })]);
    inboxLive["label.created"]!(label({ id: "l2", name: "Order" }), cache);
    inboxLive["label.updated"]!(label({ name: "Invoices" }), cache);
    expect(labels()).toEqual(["Invoices", "Order"]);
    inboxLive["label.deleted"]!({ id: "l1" }, cache);
    expect(labels()).toEqual(["Order"]);
    expect(heldItem(cache, "c1")?.conversation.label_ids).toEqual(["l2"]);
    expect([listed(open), listed(labeled)]).toEqual([["c1"], []]);
  });

  it("names a customer anew everywhere", () => {
    hold(open, [item()]);
    inboxLive["contact.updated"]!(
      {
        id: "p1",
        name: "Rear Admiral Hopper",
        email: null,
        verified: true,
        version: 2,
        phone: null,
        attributes: {},
        created_at: "",
        last_seen_at: null,
      },
      cache,
    );
    expect(heldItem(cache, "c1")?.conversation.contact.name).toBe("Rear Admiral Hopper");
  });
});

describe("an action", () => {
  beforeEach(() => {
    hold(open, [item({ version: 3 })]);
    hold(done, []);
    cache.setQueryData(countsQuery.queryKey, { mine: 0, unassigned: 1, all: 1, by_channel: { ch1: 1 }, by_label: {} });
  });

  it("shows at once and is kept when the server agrees", async () => {
    server.use(
      http.put(address("/conversations/c1/status"), () =>
        HttpResponse.json({ conversation: conversation({ version: 4, status: "resolved" }), message: null }),
      ),
    );
    actionsOn(cache).setStatus("c1", "resolved");
    expect([listed(open), listed(done), cache.getQueryData(countsQuery.queryKey)?.all]).toEqual([[], ["c1"], 0]);
    await expect.poll(() => heldItem(cache, "c1")?.conversation.version).toBe(4);
  });

  it("puts labels on and takes others off, and asks for nothing that is so already", async () => {
    const asked: unknown[] = [];
    server.use(
      http.put(address("/conversations/c1/labels"), async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json({
          conversation: conversation({ version: 4, label_ids: ["l1", "l3"] }),
          message: null,
        });
      }),
    );
    hold(open, [item({ version: 3, label_ids: ["l1", "l2"] })]);
    actionsOn(cache).label("c1", ["l2", "l1"]);
    actionsOn(cache).label("c1", ["l3", "l1"]);
    expect(heldItem(cache, "c1")?.conversation.label_ids).toEqual(["l3", "l1"]);
    await expect.poll(() => heldItem(cache, "c1")?.conversation.version).toBe(4);
    expect(asked).toEqual([{ label_ids: ["l3", "l1"] }]);
  });

  it("is taken back when the server refuses", async () => {
    server.use(
      http.put(address("/conversations/c1/status"), () =>
        HttpResponse.json(
          { type: "", title: "", status: 403, code: "forbidden", detail: "", errors: [], trace: "" },
          { status: 403 },
        ),
      ),
    );
    actionsOn(cache).setStatus("c1", "resolved");
    expect(listed(open)).toEqual([]);
    await expect
      .poll(() => [listed(open), listed(done), cache.getQueryData(countsQuery.queryKey)?.all])
      .toEqual([["c1"], [], 1]);
  });
});
