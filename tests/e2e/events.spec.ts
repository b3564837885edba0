// The explorer: what happens is seen as it happens, filtered and looked into; a follower is paused and goes on.
import { expect, test, unique } from "./support/world";

test("what happens is seen at once, filtered, and looked into", async ({ agent }) => {
  const maya = await agent("maya");
  const { page } = maya;
  await maya.go("/administration/events");
  const log = page.getByRole("region", { name: "Log, table" });
  await expect(log.getByRole("row").nth(1)).toBeVisible();
  await page.getByLabel("Kind").fill("label.*");
  await expect(log.getByRole("row").filter({ hasText: "message.posted" })).toHaveCount(0);

  const name = unique("Seen");
  const before = await log.getByRole("row").count();
  await maya.ask("POST", "inbox/labels", { name, color: "teal" });
  const first = log.getByRole("row").nth(1);
  await expect(log.getByRole("row")).toHaveCount(before + 1);
  await first.getByRole("button", { name: "label.created" }).click();
  const story = page.getByRole("dialog", { name: "label.created" });
  await expect(story.getByLabel("What it says")).toContainText(name);
  await page.keyboard.press("Escape");

  // Paused, it keeps still; then it shows what it missed.
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const rows = await log.getByRole("row").count();
  await maya.ask("POST", "inbox/labels", { name: unique("Later"), color: "pink" });
  await page.waitForTimeout(1_500);
  expect(await log.getByRole("row").count()).toBe(rows);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(log.getByRole("row")).toHaveCount(rows + 1);

  await page.getByLabel("Kind").fill("not a pattern!");
  await expect(page.getByRole("alert")).toContainText("Not a pattern");
});

test("a follower is paused, falls behind, goes on and hears the past again", async ({ agent }) => {
  const maya = await agent("maya");
  const { page } = maya;
  await maya.go("/administration/events");
  const row = page.getByRole("list", { name: "Followers" }).getByRole("listitem").filter({ hasText: "webhooks" });
  await row.getByRole("button", { name: "Pause webhooks" }).click();
  await expect(row).toContainText("Paused");
  await maya.ask("POST", "inbox/labels", { name: unique("Missed"), color: "red" });
  await expect(row).toContainText(/1 event,/);
  await row.getByRole("button", { name: "Resume webhooks" }).click();
  await expect(row).toContainText("up to date");
  await row.getByRole("button", { name: "Replay webhooks" }).click();
  const replay = page.getByRole("dialog", { name: /hear the log again/ });
  await replay.getByRole("button", { name: "Replay" }).click();
  await expect(replay.getByRole("status")).toContainText("gone back");
  await replay.getByRole("button", { name: "Close" }).last().click();
  await expect(row).toContainText("up to date");
});
