/** @jsxImportSource preact */
// The customers' widget: one script tag on any page. Waits until the page is idle, asks how it should look, and shows
// its launcher; `window.Switchboard` lets the page open, close and identify.
import { render } from "preact";
import { ApiProblem } from "@/shared/api/problem";
import { Memory } from "./memory";
import { Chat } from "./model/chat";
import { Server, type WidgetConfig } from "./server";
import { identityOf, readSettings, type Person, type Settings } from "./settings";
import { App } from "./view/app";
import { makeRoot } from "./view/root";

interface Api {
  open: () => void;
  close: () => void;
  identify: (person: Person) => void;
  shutdown: () => void;
}

declare global {
  interface Window {
    Switchboard?: Api;
  }
}

const RETRY_MS = 20_000;

function start(settings: Settings): void {
  const memory = new Memory(settings.key);
  const server = new Server(settings.base);
  const wishes: ((chat: Chat) => void)[] = [];
  let chat: Chat | null = null;
  let remove: (() => void) | null = null;
  let is_over = false;
  const when_ready = (wish: (chat: Chat) => void) => (chat ? wish(chat) : wishes.push(wish));

  window.Switchboard = {
    open: () => void when_ready((one) => one.open()),
    close: () => void when_ready((one) => one.close()),
    identify: (person) => {
      settings.identity = identityOf(person);
      chat?.identify(settings.identity);
    },
    shutdown: () => {
      is_over = true;
      chat?.end();
      remove?.();
      chat = remove = null;
      delete window.Switchboard;
    },
  };

  const show = (config: WidgetConfig) => {
    if (chat || is_over) return;
    const ready = (chat = new Chat(server, memory, settings.key, settings.identity, config));
    const root = makeRoot();
    render(<App chat={ready} memory={memory} />, root.inside);
    remove = () => {
      render(null, root.inside);
      root.host.remove();
    };
    for (const wish of wishes) wish(ready);
  };

  const load = async () => {
    try {
      const config = await server.config(settings.key);
      memory.set("config", config);
      show(config);
    } catch (error) {
      const code = error instanceof ApiProblem ? error.code : "";
      if (code in warnings) return console.warn(`Switchboard: ${warnings[code]}`);
      // Without a connection it looks as it did last time, so that what was written is not out of reach.
      const last = memory.get<WidgetConfig>("config");
      if (last) return show(last);
      if (!is_over) setTimeout(() => void load(), RETRY_MS);
    }
  };
  whenIdle(() => void load());
}

const warnings: Record<string, string> = {
  origin_not_allowed: `${location.origin} may not show the chat. Add it to the allowed origins of the channel.`,
  unknown_key: "no channel has this data-key. Copy the snippet from the channel's settings again.",
  channel_disabled: "the channel of this data-key is switched off.",
};

function whenIdle(work: () => void): void {
  const wait = () =>
    "requestIdleCallback" in window ? requestIdleCallback(work, { timeout: 3_000 }) : setTimeout(work, 200);
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait, { once: true });
}

const script = document.currentScript;
const settings = script instanceof HTMLScriptElement ? readSettings(script) : null;
if (!settings) console.warn("Switchboard: the script tag needs a data-key.");
else if (!window.Switchboard) start(settings);
