// Pictures of the main screens, light and dark, wide and on a phone, for people to look at.
import { resolve } from "node:path";
import { agent_screens, open_screens, schemes, settled } from "./support/screens";
import { expect, test } from "./support/world";

const FOLDER = resolve(__dirname, "../../screenshots");
const sizes = {
  wide: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

for (const colorScheme of schemes) {
  for (const [size, shape] of Object.entries(sizes)) {
    const options = { colorScheme, ...shape };
    const picture = (name: string) => ({ path: `${FOLDER}/${name}-${colorScheme}-${size}.png` });

    test(`pictures of the app, ${colorScheme}, ${size}`, async ({ agent, browser, server }) => {
      test.setTimeout(120_000);
      for (const { name, path, ready } of open_screens) {
        const context = await browser.newContext(options);
        const page = await context.newPage();
        await page.goto(server.url + path);
        await ready(page);
        await settled(page);
        await page.screenshot(picture(name));
        await context.close();
      }
      const maya = await agent("maya", options);
      for (const { name, path, ready } of agent_screens) {
        await maya.go(path);
        await ready(maya.page);
        await settled(maya.page);
        await maya.page.screenshot(picture(name));
      }
    });

    test(`pictures of the widget, ${colorScheme}, ${size}`, async ({ agent, customer }) => {
      const guest = await customer(options);
      await guest.visit();
      await expect(guest.launcher).toBeVisible();
      await guest.page.screenshot(picture("shop"));
      await guest.open();
      await settled(guest.page);
      await guest.page.screenshot(picture("widget-hello"));

      const question = `Hi! Does the Skarn shell run small? I am between M and L (${colorScheme}, ${size})`;
      await guest.write(question);
      await expect(guest.log).toContainText("Sent");
      await guest.page.screenshot(picture("widget-ask"));
      await guest.panel.getByRole("button", { name: "No, thank you" }).click();
      const tom = await agent("tom");
      await tom.go("/inbox/all");
      await tom.openRow(question);
      await tom.reply("It runs true to size. For a fleece below, take the L.");
      await tom.reply("Measurements are here: https://northwind.example/sizes");
      await expect(guest.log).toContainText("Measurements");
      await guest.write("Perfect, L it is");
      await guest.write("🙌");
      await expect(guest.log).toContainText("Seen");
      await tom.composer.pressSequentially("Enj");
      await expect(guest.log).toContainText("is typing");
      await settled(guest.page);
      await guest.page.screenshot(picture("widget-talk"));
      await guest.page.context().setOffline(true);
      await guest.write("One more thing…");
      await expect(guest.panel.getByText("You are offline.")).toBeVisible();
      await settled(guest.page);
      await guest.page.screenshot(picture("widget-offline"));
      await guest.page.context().setOffline(false);
      await expect(guest.log).not.toContainText("Sending…");

      await guest.panel.getByRole("button", { name: "All conversations" }).click();
      await guest.panel.getByRole("button", { name: "New conversation" }).click();
      await guest.write("Also: can I return a tent?");
      await expect(guest.log).toContainText("Sent");
      await guest.panel.getByRole("button", { name: "All conversations" }).click();
      await expect(guest.panel.getByRole("listitem")).toHaveCount(2);
      await settled(guest.page);
      await guest.page.screenshot(picture("widget-list"));
    });
  }
}
