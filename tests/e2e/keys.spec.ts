// The app by keys alone: what opens over the page opens also when its code still has to come.
import type { Page } from "@playwright/test";
import { expect, test, unique } from "./support/world";

const palette = (page: Page) => page.getByRole("dialog", { name: "Find anything" });

test("the palette finds a page, and gives the focus back when it is left", async ({ agent }) => {
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  const search = maya.page.getByRole("button", { name: "Find anything" });
  await search.focus();
  await maya.page.keyboard.press("Control+k");
  await expect(palette(maya.page).getByRole("combobox")).toBeFocused();
  await maya.page.keyboard.press("Escape");
  await expect(palette(maya.page)).toHaveCount(0);
  await expect(search).toBeFocused();

  await maya.page.keyboard.press("Control+k");
  await maya.page.keyboard.type("members");
  await expect(palette(maya.page).getByRole("option", { name: /Members/ })).toBeVisible();
  await maya.page.keyboard.press("Enter");
  await expect(maya.page).toHaveURL(/\/settings\/members$/);
});

test("a conversation is found, opened, assigned and resolved without a mouse", async ({ agent, customer }) => {
  const question = unique("Only keys here");
  await (await customer()).begin(question);
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await expect(maya.row(question)).toBeVisible();
  await maya.page.keyboard.press("j");
  await maya.page.keyboard.press("Enter");
  await expect(maya.messages).toContainText(question);

  await maya.page.keyboard.press("a");
  await expect(maya.page.getByRole("dialog", { name: "Assign to" })).toBeVisible();
  await maya.page.keyboard.type("tom");
  await maya.page.keyboard.press("Enter");
  await expect(maya.page.getByText(/^#\d+ assigned to Tom Okafor$/)).toBeVisible();
  await maya.page.keyboard.press("e");
  await expect(maya.row(question)).toHaveCount(0);
  await maya.page.keyboard.press("z");
  await expect(maya.row(question)).toBeVisible();
});

test("the list of keys opens while its code is still on its way", async ({ agent }) => {
  const maya = await agent("maya");
  await maya.page.route(/shortcut-sheet/, async (route) => {
    await new Promise((done) => setTimeout(done, 1_000));
    await route.continue();
  });
  await maya.go("/inbox/all");
  await expect(maya.page.getByRole("region", { name: "Conversations" })).toBeVisible();
  await maya.page.keyboard.press("?");
  const sheet = maya.page.getByRole("dialog", { name: "Keys" });
  await expect(sheet).toContainText("Find anything");
  await expect(sheet).toContainText("Settings");
  await maya.page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
});

test("on a phone the navigation slides over the page, and away with a link", async ({ agent }) => {
  const maya = await agent("maya", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await maya.go("/inbox/mine");
  await maya.page.getByRole("button", { name: "Open navigation" }).click();
  await maya.page
    .getByRole("dialog", { name: "Navigation" })
    .getByRole("link", { name: /^Unassigned/ })
    .click();
  await expect(maya.page).toHaveURL(/\/inbox\/unassigned$/);
  await expect(maya.page.getByRole("dialog", { name: "Navigation" })).toHaveCount(0);
});
