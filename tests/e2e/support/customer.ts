// A customer on the shop's page, with the widget in its corner.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Server } from "./server";

export class Customer {
  constructor(
    readonly page: Page,
    private readonly server: Server,
  ) {}

  async visit(key = this.server.key): Promise<void> {
    await this.page.goto(`${this.server.url}/widget-test?key=${key}`);
  }

  /** Where the widget comes from. */
  get home(): string {
    return this.server.url;
  }

  get launcher(): Locator {
    return this.page.getByRole("button", { name: /^Open chat/ });
  }

  get panel(): Locator {
    return this.page.getByRole("dialog");
  }

  get log(): Locator {
    return this.panel.getByRole("log", { name: "Messages" });
  }

  get composer(): Locator {
    return this.panel.getByRole("textbox", { name: "Your message" });
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.panel).toBeVisible();
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    // Under a finger Enter makes a new line.
    await this.composer.press("Control+Enter");
  }

  /** Opens the chat and begins a conversation; returns when it is stored. */
  async begin(text: string): Promise<void> {
    await this.visit();
    await this.open();
    await this.write(text);
    await expect(this.log).toContainText(/Sent|Seen/);
  }
}
