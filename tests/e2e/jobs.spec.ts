// Long work: asked for in a dialog, seen in the tray, had as a file.
import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { expect, test, unique } from "./support/world";

test("an export is asked for by keys, seen in the tray, and downloaded", async ({ agent, customer }) => {
  const question = unique("=1+1 is a formula");
  await (await customer()).begin(question);
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await expect(maya.row(question)).toBeVisible();
  await maya.page.keyboard.press("Control+k");
  const palette = maya.page.getByRole("dialog", { name: "Find anything" });
  await expect(palette.getByRole("combobox")).toBeFocused();
  await maya.page.keyboard.type("export conv");
  await expect(palette.getByRole("option", { name: /Export conversations/ })).toBeVisible();
  await maya.page.keyboard.press("Enter");
  const dialog = maya.page.getByRole("dialog", { name: "Export conversations" });
  await expect(dialog).toBeVisible();
  const { violations } = await new AxeBuilder({ page: maya.page }).include("[role=dialog]").analyze();
  expect(violations.map((one) => one.id)).toEqual([]);
  await dialog.getByLabel("Status").selectOption("open");
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(maya.page.getByText("Export of conversations: done.").first()).toBeVisible();

  const tray = maya.page.getByRole("button", { name: "Jobs", exact: true });
  await tray.focus();
  await maya.page.keyboard.press("Enter");
  const panel = maya.page.getByRole("dialog", { name: "Jobs" });
  const newest = panel.getByRole("list", { name: "Jobs" }).getByRole("listitem").first();
  const saving = maya.page.waitForEvent("download");
  await newest.getByRole("button", { name: "Download" }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^conversations-\d{4}-\d\d-\d\d\.csv$/);
  const text = await readFile((await saved.path()) ?? "", "utf8");
  expect(text).toContain(`,'${question}\r\n`);

  const n = await panel.getByRole("listitem").count();
  await newest.getByRole("button", { name: /^Remove/ }).click();
  await expect(panel.getByRole("listitem")).toHaveCount(n - 1);
  await maya.page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(tray).toBeFocused();
});

test("the list's menu begins with what the list shows, for those who may", async ({ agent }) => {
  const maya = await agent("maya");
  await maya.go("/inbox/all?status=resolved");
  await maya.page.getByRole("button", { name: "More", exact: true }).click();
  await maya.page.getByRole("menuitem", { name: "Export…" }).click();
  const dialog = maya.page.getByRole("dialog", { name: "Export conversations" });
  await expect(dialog.getByLabel("Status")).toHaveValue("resolved");
  const tom = await agent("tom");
  await tom.go("/inbox/all");
  await expect(tom.page.getByRole("region", { name: "Conversations" }).getByRole("link").first()).toBeVisible();
  await expect(tom.page.getByRole("button", { name: "More", exact: true })).toHaveCount(0);
  await tom.go("/settings/jobs");
  await expect(tom.page.getByText("Your role does not include this page")).toBeVisible();
});
