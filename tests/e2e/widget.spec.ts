// The widget on other people's pages: modest, readable by keyboard, and plain about what it cannot do.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Customer } from "./support/customer";
import { expect, test, unique } from "./support/world";
import type { Agent } from "./support/agent";

interface Channel {
  id: string;
  key: string;
  settings: Record<string, unknown>;
}

async function channel(maya: Agent, settings: Record<string, unknown>): Promise<Channel> {
  const made = (await (
    await maya.ask("POST", "inbox/channels", { kind: "web_chat", name: unique("Shop") })
  ).json()) as Channel;
  await maya.ask("PATCH", `inbox/channels/${made.id}`, { settings: { ...made.settings, ...settings } });
  return made;
}

test("opening the chat makes nobody known; writing does", async ({ customer }) => {
  const guest = await customer();
  const visits: string[] = [];
  guest.page.on("request", (request) => request.url().endsWith("/widget/visits") && visits.push(request.method()));
  await guest.visit();
  await guest.open();
  await expect(guest.panel).toContainText("Hello from Northwind");
  await expect(guest.composer).toBeFocused();
  expect(visits).toEqual([]);
  await guest.write("Hello!");
  await expect(guest.log).toContainText("Sent");
  expect(visits).toEqual(["POST"]);
});

test("it is used by keyboard alone, and keeps the focus while it is open", async ({ customer }) => {
  const guest = await customer();
  await guest.visit();
  await guest.launcher.focus();
  await guest.page.keyboard.press("Enter");
  await guest.page.keyboard.type("By keyboard");
  await guest.page.keyboard.press("Enter");
  await expect(guest.log).toContainText("By keyboard");
  for (let n = 0; n < 12; n += 1) {
    await guest.page.keyboard.press("Tab");
    expect(await guest.page.evaluate(() => document.activeElement?.tagName)).toBe("SWITCHBOARD-WIDGET");
  }
  await guest.page.keyboard.press("Escape");
  await expect(guest.launcher).toBeFocused();
});

test("it asks for an e-mail address once, and may be told no", async ({ agent, customer }) => {
  const question = unique("Where is my parcel?");
  const guest = await customer();
  await guest.begin(question);
  const email = guest.panel.getByRole("textbox", { name: "If you have to leave, where can we reach you?" });
  await email.fill("nonsense");
  await email.press("Enter");
  await expect(guest.panel.getByText("That does not look like an e-mail address.")).toBeVisible();
  await email.fill("ada@example.com");
  await email.press("Enter");
  await expect(guest.panel.getByText("we will write to ada@example.com")).toBeVisible();
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(question);
  await expect(maya.page.getByText("ada@example.com").first()).toBeVisible();

  const other = await customer();
  await other.begin("Just looking");
  await other.panel.getByRole("button", { name: "No, thank you" }).click();
  await other.write("Still looking");
  await expect(other.log).toContainText("Still looking");
  await expect(other.panel.getByRole("textbox", { name: "If you have to leave, where can we reach you?" })).toHaveCount(
    0,
  );
});

test("what a customer writes stays text, and addresses become links", async ({ customer }) => {
  const guest = await customer();
  await guest.begin("<img src=x onerror=alert(1)> see https://example.com/a?b=1. And javascript:alert(1)");
  const link = guest.log.getByRole("link");
  await expect(link).toHaveCount(1);
  await expect(link).toHaveAttribute("href", "https://example.com/a?b=1");
  await expect(link).toHaveAttribute("rel", /noopener/);
  await expect(guest.log.locator("img")).toHaveCount(0);
});

test("several conversations are a list, and a new one can be begun", async ({ agent, customer }) => {
  const first = unique("One thing");
  const guest = await customer();
  await guest.begin(first);
  await guest.panel.getByRole("button", { name: "All conversations" }).click();
  await guest.panel.getByRole("button", { name: "New conversation" }).click();
  const second = unique("Another thing");
  await guest.write(second);
  await expect(guest.log).toContainText("Sent");
  await expect(guest.log).not.toContainText(first);
  await guest.panel.getByRole("button", { name: "All conversations" }).click();
  await expect(guest.panel.getByRole("listitem")).toHaveCount(2);
  await guest.panel.getByRole("listitem").filter({ hasText: first }).getByRole("button").click();
  await expect(guest.log).toContainText(first);
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await expect(maya.row(first)).toBeVisible();
  await expect(maya.row(second)).toBeVisible();
});

test("a page that may not show it gets a warning and no launcher", async ({ agent, customer }) => {
  const maya = await agent("maya");
  const { id, key, settings } = await channel(maya, { allowed_origins: ["https://shop.example"] });
  const guest = await customer();
  const warned = guest.page.waitForEvent(
    "console",
    (message) => message.type() === "warning" && message.text().includes("allowed origins"),
  );
  // From a page of another origin: only there browsers name the origin.
  const shop = createServer((_, answer) =>
    answer
      .setHeader("content-type", "text/html")
      .end(`<!doctype html><title>Shop</title><script src="${guest.home}/widget.js" data-key="${key}" async></script>`),
  );
  await new Promise<void>((ready) => shop.listen(0, "127.0.0.1", ready));
  await guest.page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  await warned;
  await expect(guest.launcher).toHaveCount(0);

  // With its origin on the list the same page shows it, and the whole conversation works across origins.
  await maya.ask("PATCH", `inbox/channels/${id}`, {
    settings: { ...settings, allowed_origins: [new URL(guest.page.url()).origin] },
  });
  await guest.page.reload();
  await guest.open();
  await guest.write("From another site");
  await expect(guest.log).toContainText("Sent");
  shop.close();
});

test("where customers must be known it says so, and takes a signed identity", async ({ agent, customer }) => {
  const maya = await agent("maya");
  const { id, key } = await channel(maya, { require_identity: true });
  const guest = await customer();
  await guest.visit(key);
  await guest.open();
  await expect(guest.panel.getByRole("alert")).toContainText("Please sign in on this site");
  await expect(guest.composer).toHaveCount(0);

  const { secret } = (await (await maya.ask("GET", `inbox/channels/${id}/secret`)).json()) as { secret: string };
  await identify(guest, { token: signed({ sub: "customer-7", name: "Grace Hopper" }, secret) });
  const question = unique("It is me");
  await guest.write(question);
  await expect(guest.log).toContainText("Sent");
  await maya.go("/inbox/all");
  await expect(maya.row(question)).toContainText("Grace Hopper");

  // The hash is of the id alone: it is the same customer, whatever name the page puts beside it.
  const other = await customer();
  await other.visit(key);
  await other.open();
  const hash = createHmac("sha256", secret).update("customer-7").digest("hex");
  await identify(other, { user_id: "customer-7", hash, name: "Somebody Else" });
  await expect(other.log).toContainText(question);
  await other.write(unique("From my phone"));
  await expect(other.log).toContainText("Sent");
  await expect(maya.row("From my phone")).toContainText("Grace Hopper");
});

function identify(guest: Customer, person: object): Promise<void> {
  return guest.page.evaluate(
    (person) =>
      (window as unknown as { Switchboard: { identify: (person: object) => void } }).Switchboard.identify(person),
    person,
  );
}

/** What the shop's server would sign: a token of a quarter of an hour. */
function signed(claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const words = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...claims, exp: Math.floor(Date.now() / 1000) + 900 })}`;
  return `${words}.${createHmac("sha256", secret).update(words).digest("base64url")}`;
}
