// The heart of it: a customer writes, the team sees it at once and answers, the customer sees that.
import { expect, test, unique } from "./support/world";

test("a customer writes, an agent sees it without reloading and answers, the customer sees the answer", async ({
  agent,
  customer,
}) => {
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await expect(maya.page.getByRole("region", { name: "Conversations" }).getByRole("link").first()).toBeVisible();
  const question = unique("Is the tarn tent in stock?");
  const answer = unique("It is, in green and in sand.");

  const guest = await customer();
  await guest.begin(question);
  await maya.openRow(question);
  await expect(guest.log).toContainText("Seen");

  await maya.composer.pressSequentially("I");
  await expect(guest.log).toContainText("Maya is typing");
  await maya.reply(answer);
  await expect(guest.log).toContainText(answer);
  await expect(guest.log.getByText("typing")).toHaveCount(0);
  await expect(maya.messages.getByText("Read", { exact: true })).toBeVisible();

  const thanks = unique("Lovely, thanks 🙌");
  await guest.write(thanks);
  await expect(maya.messages).toContainText(thanks);
  expect(await maya.stored(maya.conversation_id)).toEqual([question, answer, thanks]);
});

test("an answer to a closed chat shows on the launcher, and the conversation is there after a reload", async ({
  agent,
  customer,
}) => {
  const question = unique("Do you mend zips?");
  const guest = await customer();
  await guest.begin(question);
  await guest.page.keyboard.press("Escape");
  await expect(guest.panel).toHaveCount(0);
  await expect(guest.launcher).toBeFocused();

  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(question);
  await maya.reply("We do: send it in.");
  await expect(guest.page.getByRole("button", { name: "Open chat, 1 unread" })).toBeVisible();

  await guest.page.reload();
  await guest.page.getByRole("button", { name: "Open chat, 1 unread" }).click();
  await expect(guest.log).toContainText(question);
  await expect(guest.log).toContainText("We do: send it in.");
  await guest.page.getByRole("button", { name: "Close chat" }).first().click();
  await expect(guest.page.getByRole("button", { name: "Open chat", exact: true })).toBeVisible();
});

test("two agents see each other typing, and who else is looking", async ({ agent, customer }) => {
  const question = unique("Who is there?");
  await (await customer()).begin(question);
  const maya = await agent("maya");
  const tom = await agent("tom");
  for (const one of [maya, tom]) {
    await one.go("/inbox/all");
    await one.openRow(question);
  }
  await expect(tom.page.getByRole("list", { name: "Also looking at this" })).toContainText("Maya Lindqvist");
  await tom.composer.pressSequentially("I can take this");
  await expect(maya.page.getByText("Tom is writing an answer too.")).toBeVisible();
  await maya.composer.pressSequentially("Let me");
  await expect(tom.page.getByText("Maya is writing an answer too.")).toBeVisible();
});

test("a reply is held when a colleague has answered meanwhile, and the writer decides", async ({ agent, customer }) => {
  const question = unique("When do you open?");
  const guest = await customer();
  await guest.begin(question);
  const maya = await agent("maya");
  const tom = await agent("tom");
  for (const one of [maya, tom]) {
    await one.go("/inbox/all");
    await one.openRow(question);
  }
  // Tom writes without knowing what Maya said meanwhile.
  await tom.page.context().setOffline(true);
  await tom.reply("At ten, also on Sundays.");
  await maya.reply("At ten.");
  await expect(guest.log).toContainText("At ten.");
  await tom.page.context().setOffline(false);

  const choice = tom.page.getByRole("alertdialog", { name: "A colleague answered first" });
  await expect(choice).toContainText("Maya answered while you were writing");
  expect(await maya.stored(maya.conversation_id)).toEqual([question, "At ten."]);
  await choice.getByRole("button", { name: "Send anyway" }).click();
  await expect(guest.log).toContainText("At ten, also on Sundays.");
  await expect(choice).toHaveCount(0);
  expect(await maya.stored(maya.conversation_id)).toEqual([question, "At ten.", "At ten, also on Sundays."]);
});
