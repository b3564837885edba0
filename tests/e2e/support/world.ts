// What every journey begins with: a server, agents who are signed in, and customers on the shop's page.
import { test as base, type Browser, type BrowserContext, type BrowserContextOptions } from "@playwright/test";
import { Agent } from "./agent";
import { Customer } from "./customer";
import { Server } from "./server";

export const PASSWORD = "switchboard-demo";
export type Name = "maya" | "tom" | "ines";

interface World {
  agent: (name: Name, options?: BrowserContextOptions) => Promise<Agent>;
  customer: (options?: BrowserContextOptions) => Promise<Customer>;
}

interface Surroundings {
  /** Settings of the server, by their environment names. */
  settings: Record<string, string>;
  server: Server;
}

export const test = base.extend<World, Surroundings>({
  settings: [{}, { option: true, scope: "worker" }],
  server: [
    async ({ settings }, use) => {
      const server = new Server(settings);
      try {
        await server.start();
        await use(server);
      } finally {
        await server.stop();
      }
    },
    { scope: "worker", timeout: 90_000 },
  ],
  agent: async ({ browser, server }, use) => {
    const rooms = new Rooms(browser);
    await use(async (name, options) => Agent.signedIn(await rooms.open(options), server, name));
    await rooms.close();
  },
  customer: async ({ browser, server }, use) => {
    const rooms = new Rooms(browser);
    await use(async (options) => new Customer(await (await rooms.open(options)).newPage(), server));
    await rooms.close();
  },
});

export { expect } from "@playwright/test";

/** Text that no other journey has written. */
export function unique(text: string): string {
  return `${text} ${Math.random().toString(36).slice(2, 8)}`;
}

class Rooms {
  private readonly all: BrowserContext[] = [];

  constructor(private readonly browser: Browser) {}

  async open(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      ...options,
    });
    this.all.push(context);
    return context;
  }

  async close(): Promise<void> {
    for (const context of this.all) await context.close();
  }
}
