// The main screens, each with what to wait for before it is looked at.
import { expect, type Page } from "@playwright/test";

export interface Screen {
  name: string;
  path: string;
  ready: (page: Page) => Promise<void>;
}

export const open_screens: Screen[] = [
  {
    name: "sign-in",
    path: "/sign-in",
    ready: (page) => expect(page.getByRole("button", { name: "Sign in" })).toBeVisible(),
  },
  {
    name: "sign-up",
    path: "/sign-up",
    ready: (page) => expect(page.getByRole("button", { name: "Create company" })).toBeVisible(),
  },
];

export const agent_screens: Screen[] = [
  { name: "inbox", path: "/inbox/mine", ready: openOne },
  {
    name: "channels",
    path: "/settings/channels",
    ready: (page) =>
      expect(
        page
          .getByRole("main")
          .getByRole("link", { name: /Website/ })
          .first(),
      ).toBeVisible(),
  },
  { name: "channel", path: "/settings/channels", ready: openChannel },
  {
    name: "labels",
    path: "/settings/labels",
    ready: (page) => expect(page.getByRole("button", { name: /^Rename/ }).first()).toBeVisible(),
  },
  {
    name: "members",
    path: "/settings/members",
    ready: (page) => expect(page.getByText("tom@demo.example").first()).toBeVisible(),
  },
  {
    name: "jobs",
    path: "/settings/jobs",
    ready: (page) => expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible(),
  },
  { name: "tray", path: "/inbox/mine", ready: openTray },
  {
    name: "live",
    path: "/administration/live",
    ready: (page) => expect(page.getByRole("table").first()).toBeVisible(),
  },
  {
    name: "events",
    path: "/administration/events",
    ready: (page) => expect(page.getByRole("table").first()).toBeVisible(),
  },
  {
    name: "webhooks",
    path: "/settings/webhooks",
    ready: (page) => expect(page.getByRole("list", { name: "Webhooks" })).toBeVisible(),
  },
  { name: "webhook", path: "/settings/webhooks", ready: openWebhook },
];

/** One of the demo's: other journeys fill the list of all, but not Maya's own. */
async function openOne(page: Page): Promise<void> {
  await page
    .getByRole("region", { name: "Conversations" })
    .getByRole("link", { name: /Elif Yilmaz/ })
    .click();
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("Lake Abant");
}

/** With the export that the demo begins with. On a phone the tray is in the navigation. */
async function openTray(page: Page): Promise<void> {
  const navigation = page.getByRole("button", { name: "Open navigation" });
  const tray = page.getByRole("button", { name: /^Jobs/ });
  await expect(tray.or(navigation).first()).toBeVisible();
  if (await navigation.isVisible()) await navigation.click();
  await tray.click();
  const panel = page.getByRole("dialog", { name: "Jobs" });
  await expect(panel.getByRole("button", { name: "Download" }).first()).toBeVisible();
}

async function openChannel(page: Page): Promise<void> {
  await page
    .getByRole("main")
    .getByRole("link", { name: /Website/ })
    .first()
    .click();
  await expect(page.getByRole("tab").first()).toBeVisible();
}

async function openWebhook(page: Page): Promise<void> {
  await page.getByRole("list", { name: "Webhooks" }).getByRole("link").first().click();
  await expect(page.getByRole("region", { name: "Deliveries, table" })).toBeVisible();
}

/** Waits until nothing moves any more, in the page and in the widget. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => {
    const moving = [document, document.querySelector("switchboard-widget")?.shadowRoot].flatMap(
      (root) => root?.getAnimations() ?? [],
    );
    const ending = moving.filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    return Promise.all(ending.map((one) => one.finished.catch(() => null)));
  });
}

export const schemes = ["light", "dark"] as const;
