// A customer who is too quick is slowed down, and loses nothing by it.
import { expect, test, unique } from "./support/world";

test.use({
  settings: { SWITCHBOARD_LIMITS__WIDGET_MESSAGES__PER_MINUTE: "60", SWITCHBOARD_LIMITS__WIDGET_MESSAGES__BURST: "2" },
});

test("messages above the limit wait and arrive once, in order", async ({ agent, customer }) => {
  const guest = await customer();
  const texts = [1, 2, 3, 4, 5].map((n) => unique(`Quick ${n}`));
  await guest.visit();
  await guest.open();
  for (const text of texts) await guest.write(text);
  await expect(guest.panel.getByText("That was quick!")).toBeVisible();
  await expect(guest.log).not.toContainText("Sending…", { timeout: 30_000 });
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(texts.at(-1) ?? "");
  expect(await maya.stored(maya.conversation_id)).toEqual(texts);
});
