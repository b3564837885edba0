// Webhooks: made with a preview of what they want, tested, looked into, sent again, and deleted.
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import AxeBuilder from "@axe-core/playwright";
import { settled } from "./support/screens";
import { expect, test, unique } from "./support/world";

// The receiver of this journey is on this machine, where webhooks may not go else.
test.use({ settings: { SWITCHBOARD_EGRESS__ALLOW: "127.0.0.1" } });

/** Keeps what it was sent, and answers as it is told. */
class Receiver {
  readonly received: { id: string; signature: string; type: string }[] = [];
  status = 204;
  private readonly http: HttpServer = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes: Buffer) => (body += String(bytes)));
    request.on("end", () => {
      const header = (name: string): string => String(request.headers[name] ?? "");
      const { type } = JSON.parse(body) as { type: string };
      this.received.push({ id: header("webhook-id"), signature: header("webhook-signature"), type });
      response.writeHead(this.status).end(this.status === 204 ? undefined : "the shop is closed");
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((done) => this.http.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/hook`;
  }

  stop(): void {
    this.http.close();
    this.http.closeAllConnections();
  }
}

test("a webhook is made, hears what happens, and its deliveries are looked into and sent again", async ({
  agent,
  customer,
}) => {
  const receiver = new Receiver();
  const address = await receiver.start();
  const maya = await agent("maya");
  const { page } = maya;
  const name = unique("Shop system");
  await maya.go("/settings/webhooks");
  await page.getByRole("button", { name: "New webhook" }).first().click();
  const form = page.getByRole("dialog", { name: "New webhook" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Address").fill("shop.example");
  await expect(form.getByRole("alert")).toContainText("https://");
  await form.getByLabel("Address").fill(address);
  await form.getByRole("button", { name: "message.*" }).click();
  await expect(form).toContainText(/Matches \d+ of \d+ kinds/);
  await expect(form.getByLabel("Kinds that match")).toContainText("message.posted");
  await form.getByRole("button", { name: "Create webhook" }).click();

  const secret = page.getByRole("dialog", { name: /^The secret of/ });
  await expect(secret.getByLabel("Secret")).toContainText(/^whsec_/);
  await secret.getByRole("button", { name: "I have kept it" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByRole("row").filter({ hasText: "webhook.test" })).toContainText("Delivered");
  expect(receiver.received[0]).toMatchObject({ type: "webhook.test" });
  expect(receiver.received[0]?.signature).toMatch(/^v1,/);

  // What a receiver refuses is told, and can be sent again once it has come to its senses.
  receiver.status = 500;
  const guest = await customer();
  const question = unique("Where is my parcel");
  await guest.begin(question);
  const inbox = await agent("tom");
  await inbox.go("/inbox/all");
  await inbox.openRow(question);
  await inbox.reply("It is on its way");
  const row = page.getByRole("row").filter({ hasText: "message.posted" }).first();
  await expect(row).toContainText("500");
  await row.getByRole("button").click();
  const story = page.getByRole("dialog", { name: "message.posted" });
  await expect(story.getByLabel("Body of the request")).toContainText("It is on its way");
  await expect(story).toContainText("the shop is closed");
  receiver.status = 204;
  await story.getByRole("button", { name: "Send again" }).click();
  await expect(story).toContainText("Delivered");
  const ids = receiver.received.filter((one) => one.type === "message.posted").map((one) => one.id);
  expect(ids.length).toBeGreaterThan(1);
  expect(new Set(ids).size).toBe(1);
  await story.getByRole("button", { name: "Close" }).click();

  await page.getByRole("button", { name: "Replay" }).click();
  const replay = page.getByRole("dialog", { name: "Replay" });
  await replay.getByRole("button", { name: "Send it" }).click();
  await expect(replay.getByRole("status")).toContainText(/on (its|their) way/);
  await replay.getByRole("button", { name: "Close" }).last().click();

  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual(
      [],
    );
  }

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Enable" })).toBeVisible();
  await page.getByRole("button", { name: "Delete webhook" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Webhooks" })).toBeVisible();
  await expect(page.getByText(name, { exact: true })).toHaveCount(0);
  receiver.stop();
});
