// Labels: put on by keys, made on the way, seen by colleagues at once, found again, and gone.
import { expect, test, unique } from "./support/world";

test("a label is put on by keys, reaches a colleague, and is found again in the rail", async ({ agent, customer }) => {
  const question = unique("My invoice is wrong");
  const guest = await customer();
  await guest.begin(question);
  const tom = await agent("tom");
  await tom.go("/inbox/all");
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(question);
  await maya.page.keyboard.press("l");
  const chooser = maya.page.getByRole("dialog", { name: "Labels" });
  await expect(chooser.getByRole("combobox")).toBeFocused();
  const name = unique("Billing");
  await maya.page.keyboard.type(name);
  await maya.page.keyboard.press("Enter");
  await maya.page.keyboard.type("Order");
  await maya.page.keyboard.press("Enter");
  await expect(chooser.getByRole("option", { name: /^Order/ }).getByLabel("chosen")).toBeVisible();
  await maya.page.keyboard.press("Escape");
  await expect(maya.messages).toContainText(new RegExp(`You added (${name} and Order|Order and ${name})`));
  await expect(tom.row(question)).toContainText(name);

  await tom.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
  await expect(tom.row(question)).toBeVisible();
  await expect(tom.page.getByRole("heading", { level: 1, name: new RegExp(name) })).toBeVisible();

  // What is taken off leaves the list of those who look at the label.
  const details = maya.page.getByRole("complementary", { name: "Details" });
  await details.getByRole("button", { name: `Remove ${name}` }).click();
  await expect(tom.row(question)).toHaveCount(0);
  await maya.page.keyboard.press("z");
  await expect(tom.row(question)).toBeVisible();
  await expect(guest.log).not.toContainText("Order");
});

test("labels are made, renamed and deleted in the settings, and the rail follows", async ({ agent, customer }) => {
  const question = unique("Anybody there?");
  await (await customer()).begin(question);
  const maya = await agent("maya");
  await maya.go("/settings/labels");
  const list = maya.page.getByRole("list", { name: "Labels" });
  await expect(list.getByRole("listitem").first()).toBeVisible();
  const name = unique("Repair");
  await maya.page.getByRole("button", { name: "New label" }).click();
  await maya.page.keyboard.type(name);
  await maya.page.keyboard.press("Enter");
  const rail = maya.page.getByRole("navigation", { name: "Main" });
  await expect(rail.getByRole("link", { name })).toBeVisible();

  const tom = await agent("tom");
  await tom.go("/inbox/all");
  await tom.openRow(question);
  await tom.page.keyboard.press("l");
  await tom.page.keyboard.type(name);
  await tom.page.keyboard.press("Enter");
  await tom.page.keyboard.press("Escape");
  await expect(tom.row(question)).toContainText(name);

  const renamed = unique("Workshop");
  await list.getByRole("button", { name: `Rename ${name}` }).click();
  await maya.page.keyboard.press("Control+a");
  await maya.page.keyboard.type(renamed);
  await maya.page.keyboard.press("Enter");
  await expect(tom.row(question)).toContainText(renamed);
  await list.getByRole("button", { name: `Delete ${renamed}` }).click();
  await maya.page.getByRole("button", { name: "Delete it" }).click();
  await expect(tom.row(question)).not.toContainText(renamed);
  await expect(rail.getByRole("link", { name: renamed })).toHaveCount(0);
});

test("who may not make labels still uses them", async ({ agent, customer }) => {
  const question = unique("A question of size");
  await (await customer()).begin(question);
  const tom = await agent("tom");
  await tom.go("/settings/labels");
  await expect(tom.page.getByText("Your role does not include this page")).toBeVisible();
  await tom.go("/inbox/all");
  await tom.openRow(question);
  await tom.page.keyboard.press("l");
  await tom.page.keyboard.type(unique("Something new"));
  await expect(tom.page.getByText("Nothing found.")).toBeVisible();
});
