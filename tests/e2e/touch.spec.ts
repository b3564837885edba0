// Under a finger there is no Shift and nothing to hover with.
import { expect, test, unique } from "./support/world";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("Enter makes a new line and the button sends, in the app and in the chat", async ({ agent, customer }) => {
  const question = unique("One");
  const guest = await customer(phone);
  await guest.visit();
  await guest.open();
  await guest.composer.pressSequentially(question);
  await guest.composer.press("Enter");
  await guest.composer.pressSequentially("two");
  await expect(guest.composer).toHaveValue(`${question}\ntwo`);
  await guest.panel.getByRole("button", { name: "Send" }).click();
  await expect(guest.log).toContainText(/Sent|Seen/);

  const maya = await agent("maya", phone);
  await maya.go("/inbox/all");
  await maya.openRow(question);
  await maya.composer.pressSequentially("Three");
  await maya.composer.press("Enter");
  await maya.composer.pressSequentially("four");
  await expect(maya.composer).toHaveText("Three four", { useInnerText: true });
  await maya.page.getByRole("button", { name: "Send" }).click();
  await expect(guest.log).toContainText("Three\nfour");
  expect(await maya.stored(maya.conversation_id)).toEqual([`${question}\ntwo`, "Three\nfour"]);
});

test("each message has its time on a phone, and for those who go to the messages by keys", async ({
  agent,
  customer,
}) => {
  const question = unique("First");
  const guest = await customer();
  await guest.begin(question);
  await guest.write("Second");
  await expect(guest.log).not.toContainText("Sending…");

  const tom = await agent("tom", phone);
  await tom.go("/inbox/all");
  await tom.openRow("Second");
  await expect(tom.messages.getByRole("time").last()).toHaveCSS("opacity", "1");

  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow("Second");
  const time = maya.messages.getByRole("time").last();
  await expect(time).toHaveCSS("opacity", "0");
  await maya.composer.press("Shift+Tab");
  while (!(await maya.messages.evaluate((box) => box === document.activeElement)))
    await maya.page.keyboard.press("Shift+Tab");
  await expect(time).toHaveCSS("opacity", "1");
});
