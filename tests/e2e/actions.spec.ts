// What an agent does to a conversation, and that it can be taken back.
import { expect, test, unique } from "./support/world";
import type { Agent } from "./support/agent";

async function begun(agent: (name: "maya") => Promise<Agent>, question: string): Promise<Agent> {
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(question);
  return maya;
}

test("resolving takes it off the open list, and undo brings it back", async ({ agent, customer }) => {
  const question = unique("All good now?");
  await (await customer()).begin(question);
  const maya = await begun(agent, question);
  await maya.page.getByRole("button", { name: "Resolve", exact: true }).click();
  await expect(maya.page.getByText(/^#\d+ resolved$/)).toBeVisible();
  await expect(maya.row(question)).toHaveCount(0);
  await maya.page.getByRole("button", { name: /^Undo/ }).click();
  await expect(maya.row(question)).toBeVisible();
});

test("snoozing until tomorrow, and undo", async ({ agent, customer }) => {
  const question = unique("Later is fine");
  await (await customer()).begin(question);
  const maya = await begun(agent, question);
  await maya.page.getByRole("button", { name: "Snooze", exact: true }).click();
  await maya.page.getByRole("menuitem", { name: "Tomorrow morning" }).click();
  await expect(maya.page.getByText(/^#\d+ snoozed until/)).toBeVisible();
  await expect(maya.row(question)).toHaveCount(0);
  await maya.page.getByRole("button", { name: /^Undo/ }).click();
  await expect(maya.row(question)).toBeVisible();
});

test("assigning to a colleague reaches them, and undo", async ({ agent, customer }) => {
  const question = unique("Somebody for tents?");
  await (await customer()).begin(question);
  const tom = await agent("tom");
  await tom.go("/inbox/mine");
  const maya = await begun(agent, question);
  await maya.page.getByRole("button", { name: "Assign", exact: true }).click();
  await maya.page.getByRole("menuitem", { name: "Tom Okafor" }).click();
  await expect(tom.row(question)).toBeVisible();
  await maya.page.getByRole("button", { name: /^Undo/ }).click();
  await expect(tom.row(question)).toHaveCount(0);
});

test("a note stays inside the team", async ({ agent, customer }) => {
  const question = unique("Is this private?");
  const guest = await customer();
  await guest.begin(question);
  const maya = await begun(agent, question);
  await maya.page.getByRole("button", { name: "Note", exact: true }).click();
  const note = unique("Ask the workshop first");
  await maya.page.getByRole("textbox", { name: "Note for the team" }).fill(note);
  await maya.page.getByRole("button", { name: "Add note" }).click();
  await expect(maya.messages).toContainText(note);
  // The answer comes after the note, so the customer has everything that will come.
  await maya.page.getByRole("button", { name: "Reply", exact: true }).click();
  await maya.reply("One moment.");
  await expect(guest.log).toContainText("One moment.");
  await expect(guest.log).not.toContainText(note);
});
