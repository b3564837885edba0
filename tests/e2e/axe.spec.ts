// No screen has a serious fault for people who use assistive technology, in light and dark.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { agent_screens, open_screens, schemes, settled } from "./support/screens";
import { expect, test } from "./support/world";

async function faultsOf(page: Page): Promise<string[]> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]?.trim() ?? ""}`),
  );
}

for (const colorScheme of schemes) {
  for (const { name, path, ready } of open_screens) {
    test(`${name}, ${colorScheme}`, async ({ browser, server }) => {
      const context = await browser.newContext({ colorScheme });
      const page = await context.newPage();
      await page.goto(server.url + path);
      await ready(page);
      expect(await faultsOf(page)).toEqual([]);
      await context.close();
    });
  }

  for (const { name, path, ready } of agent_screens) {
    test(`${name}, ${colorScheme}`, async ({ agent }) => {
      const maya = await agent("maya", { colorScheme });
      await maya.go(path);
      await ready(maya.page);
      expect(await faultsOf(maya.page)).toEqual([]);
    });
  }

  test(`the widget, ${colorScheme}`, async ({ customer }) => {
    const guest = await customer({ colorScheme });
    await guest.visit();
    await guest.open();
    expect(await faultsOf(guest.page)).toEqual([]);
    await guest.write("Do you ship to https://example.com?");
    await expect(guest.log).toContainText("Sent");
    expect(await faultsOf(guest.page)).toEqual([]);
    await guest.panel.getByRole("button", { name: "All conversations" }).click();
    await expect(guest.panel.getByRole("listitem")).toHaveCount(1);
    expect(await faultsOf(guest.page)).toEqual([]);
  });
}
