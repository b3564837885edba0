// Nothing that was written is lost or doubled, whatever happens to the connection, the page or the server.
import { expect, test, unique } from "./support/world";

test("what an agent began to write is there after a reload", async ({ agent, customer }) => {
  const question = unique("Can I pay by invoice?");
  await (await customer()).begin(question);
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(question);
  await maya.composer.fill("You can, if");
  await maya.page.reload();
  await expect(maya.composer).toHaveText("You can, if");
});

test("what a customer began to write is there after a reload", async ({ customer }) => {
  const guest = await customer();
  await guest.visit();
  await guest.open();
  await guest.composer.fill("I have a ques");
  await guest.page.reload();
  await guest.open();
  await expect(guest.composer).toHaveValue("I have a ques");
});

test("a customer who is offline goes on writing, and each message arrives once", async ({ agent, customer }) => {
  const first = unique("First");
  const guest = await customer();
  await guest.begin(first);
  await guest.page.context().setOffline(true);
  await expect(guest.panel.getByText("You are offline.")).toBeVisible();
  const [second, third] = [unique("Second"), unique("Third")];
  await guest.write(second);
  await guest.write(third);
  await expect(guest.log).toContainText("Sending…");
  await guest.page.context().setOffline(false);
  await expect(guest.log).toContainText("Sent");
  await expect(guest.log).not.toContainText("Sending…");

  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(third);
  expect(await maya.stored(maya.conversation_id)).toEqual([first, second, third]);
});

test("a first message that did not get through survives a reload and arrives once", async ({ agent, customer }) => {
  const guest = await customer();
  const isApi = /\/api\/v1\/widget\/visits/;
  await guest.page.route(isApi, (route) => route.abort());
  await guest.visit();
  await guest.open();
  const [one, two] = [unique("Written in the lift"), unique("And in the tunnel")];
  await guest.write(one);
  await guest.write(two);
  await expect(guest.log).toContainText("Sending…");
  await guest.page.reload();
  await guest.open();
  await expect(guest.log).toContainText(two);
  await guest.page.unroute(isApi);
  await expect(guest.log).toContainText("Sent", { timeout: 20_000 });

  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(two);
  expect(await maya.stored(maya.conversation_id)).toEqual([one, two]);
});

test("the server is killed and comes back: everyone recovers, nothing is lost or doubled", async ({
  agent,
  customer,
  server,
}) => {
  test.setTimeout(150_000);
  const before = unique("Before the crash");
  const guest = await customer();
  await guest.begin(before);
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(before);

  await server.kill();
  const [meanwhile, answer] = [unique("While it was down"), unique("Answered while it was down")];
  await guest.write(meanwhile);
  await maya.reply(answer);
  await expect(guest.panel.getByText("Connection lost. Reconnecting…")).toBeVisible();
  await expect(maya.page.getByText("Reconnecting… What you write is kept")).toBeVisible();
  await server.start();

  await expect(maya.messages).toContainText(meanwhile, { timeout: 40_000 });
  await expect(guest.log).toContainText(answer, { timeout: 40_000 });
  await expect(maya.page.getByText("Reconnecting… What you write is kept")).toHaveCount(0);
  await expect(guest.log).not.toContainText("Sending…");

  const after = unique("After the crash");
  await guest.write(after);
  await expect(maya.messages).toContainText(after);
  const stored = await maya.stored(maya.conversation_id);
  expect([...stored].sort()).toEqual([before, meanwhile, answer, after].sort());
  for (const text of stored) {
    await expect(maya.messages.getByText(text, { exact: true })).toHaveCount(1);
    await expect(guest.log.getByText(text, { exact: true })).toHaveCount(1);
  }
});
