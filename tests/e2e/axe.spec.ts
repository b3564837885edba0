// No screen has a fault for people who use assistive technology, in light and dark.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { agent_screens, open_screens, schemes, settled } from "./support/screens";
import { expect, test } from "./support/world";

async function faultsOf(page: Page): Promise<string[]> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(
      (node) => `${id} (${impact}): ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]?.trim() ?? ""}`,
    ),
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

  test(`a phone, ${colorScheme}`, async ({ agent }) => {
    const viewport = { width: 390, height: 844 };
    const maya = await agent("maya", { colorScheme, viewport, hasTouch: true, isMobile: true });
    await maya.go("/inbox/mine");
    await expect(maya.page.getByRole("region", { name: "Conversations" }).getByRole("link").first()).toBeVisible();
    expect(await faultsOf(maya.page)).toEqual([]);
    await maya.page.getByRole("button", { name: "Open navigation" }).click();
    await expect(maya.page.getByRole("dialog", { name: "Navigation" })).toBeVisible();
    expect(await faultsOf(maya.page)).toEqual([]);
    await maya.page.keyboard.press("Escape");
    await agent_screens[0]?.ready(maya.page);
    expect(await faultsOf(maya.page)).toEqual([]);
    await maya.page.getByRole("button", { name: "Details" }).click();
    await expect(maya.page.getByRole("dialog", { name: "Details" })).toBeVisible();
    expect(await faultsOf(maya.page)).toEqual([]);
  });

  test(`what keys open, ${colorScheme}`, async ({ agent }) => {
    const maya = await agent("maya", { colorScheme });
    await maya.go("/inbox/mine");
    await agent_screens[0]?.ready(maya.page);
    for (const [key, name] of [
      ["Control+k", "Find anything"],
      ["?", "Keys"],
      ["a", "Assign to"],
      ["l", "Labels"],
      ["s", "Snooze until"],
      ["p", "Set the priority"],
    ] as const) {
      await maya.page.keyboard.press(key);
      await expect(maya.page.getByRole("dialog", { name })).toBeVisible();
      expect(await faultsOf(maya.page), name).toEqual([]);
      await maya.page.keyboard.press("Escape");
      await expect(maya.page.getByRole("dialog")).toHaveCount(0);
    }
  });

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
