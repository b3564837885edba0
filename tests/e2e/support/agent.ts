// An agent at the inbox.
import { expect, type APIResponse, type BrowserContext, type Locator, type Page } from "@playwright/test";
import type { Server } from "./server";

export class Agent {
  private constructor(
    readonly page: Page,
    private readonly server: Server,
    private readonly token: string,
  ) {}

  static async signedIn(context: BrowserContext, server: Server, name: string): Promise<Agent> {
    const answer = await context.request.post(`${server.url}/api/v1/identity/login`, {
      data: { email: `${name}@demo.example`, password: "switchboard-demo" },
    });
    expect(answer.status()).toBe(200);
    const { access_token } = (await answer.json()) as { access_token: string };
    return new Agent(await context.newPage(), server, access_token);
  }

  async go(path: string): Promise<void> {
    await this.page.goto(this.server.url + path);
  }

  row(preview: string): Locator {
    return this.page.getByRole("region", { name: "Conversations" }).getByRole("link").filter({ hasText: preview });
  }

  /** Waits for a conversation to appear in the list without reloading, and opens it. */
  async openRow(preview: string): Promise<void> {
    await this.row(preview).click();
    await expect(this.messages).toContainText(preview);
  }

  get messages(): Locator {
    return this.page.getByRole("region", { name: "Messages" });
  }

  /** The editor; until it is here there is a box for letters alone. */
  get composer(): Locator {
    return this.page.getByRole("textbox", { name: /^Reply to / }).and(this.page.locator("[contenteditable]"));
  }

  get note(): Locator {
    return this.page.getByRole("textbox", { name: "Note for the team" }).and(this.page.locator("[contenteditable]"));
  }

  async reply(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  get conversation_id(): string {
    return new URL(this.page.url()).pathname.split("/").at(-1) ?? "";
  }

  /** What is stored, past every cache. */
  async stored(id: string): Promise<string[]> {
    const page = (await (await this.ask("GET", `inbox/conversations/${id}/messages?limit=100`)).json()) as {
      items: { text: string; kind: string }[];
    };
    return page.items.filter((one) => one.kind !== "activity").map((one) => one.text);
  }

  async ask(method: "GET" | "POST" | "PATCH" | "PUT", path: string, data?: object): Promise<APIResponse> {
    const answer = await this.page.request.fetch(`${this.server.url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      ...(data ? { data } : {}),
    });
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return answer;
  }
}
