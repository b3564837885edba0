import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { Channel, Permission, UpdateChannel } from "@/contract";
import { membersQuery } from "@/shared/people/members";
import { channel } from "@/test/build";
import { server } from "@/test/server";
import { cacheWith, show, signIn } from "@/test/show";
import { ChannelPage } from "./channel-page";

const address = "http://switchboard.test/api/v1/inbox/channels/ch1";
const sent: UpdateChannel[] = [];

async function shown({ held = channel(), permissions = ["channels.read", "channels.manage"] as Permission[] } = {}) {
  signIn({ permissions });
  let now: Channel = held;
  server.use(
    http.get(address, () => HttpResponse.json(now)),
    http.patch(address, async ({ request }) => {
      const change = (await request.json()) as UpdateChannel;
      sent.push(change);
      now = { ...now, ...change } as Channel;
      return HttpResponse.json(now);
    }),
    http.get(`${address}/snippet`, () => HttpResponse.json({ html: `<script data-key="${held.key}"></script>` })),
  );
  const cache = cacheWith([membersQuery.queryKey, { items: [], next: null }]);
  await show(<ChannelPage />, { path: "/settings/channels/ch1", route: "/settings/channels/$channelId", cache });
  await screen.findByRole("heading", { level: 1, name: held.name });
}

const tab = (name: string) => userEvent.click(screen.getByRole("tab", { name }));
const settled = () => expect.poll(() => screen.getByRole("status").textContent?.trim(), { timeout: 3_000 });

beforeEach(() => void (sent.length = 0));

describe("the page of a channel", () => {
  it("saves as one goes, and only what changed", async () => {
    await shown();
    fireEvent.change(screen.getByLabelText("Greeting"), { target: { value: "Ahoy" } });
    await settled().toBe("All changes saved");
    expect(sent).toEqual([{ settings: { ...channel().settings, greeting: "Ahoy" } }]);
  });

  it("says what is wrong with a colour and keeps it to itself until it is one", async () => {
    await shown();
    const colour = screen.getByLabelText("Your own");
    fireEvent.change(colour, { target: { value: "#12" } });
    expect((await screen.findByRole("alert")).textContent).toBe("A colour looks like #5b5bd6.");
    fireEvent.change(colour, { target: { value: "#123456" } });
    await settled().toBe("All changes saved");
    expect(sent.map((one) => one.settings?.color)).toEqual(["#123456"]);
  });

  it("shows a colour as chosen, for those who do not see it", async () => {
    await shown();
    const green = screen.getByRole("button", { name: "Green" });
    expect(green.getAttribute("aria-pressed")).toBe("false");
    await userEvent.click(green);
    await expect.poll(() => green.getAttribute("aria-pressed")).toBe("true");
    await settled().toBe("All changes saved");
  });

  it("switches off at once", async () => {
    await shown();
    await tab("Behaviour");
    await userEvent.click(screen.getByRole("switch", { name: "On" }));
    await expect.poll(() => sent).toEqual([{ enabled: false }]);
  });

  it("reads sites one to a line, and says which is none", async () => {
    await shown();
    await tab("Behaviour");
    const sites = screen.getByLabelText("Allowed sites");
    fireEvent.change(sites, { target: { value: "https://shop.example/\nshop" } });
    expect((await screen.findByRole("alert")).textContent).toMatch(/^Not a site yet: shop\./);
    expect(sent).toEqual([]);
    fireEvent.change(sites, { target: { value: "https://shop.example/\nhttps://*.shop.example" } });
    await settled().toBe("All changes saved");
    expect(sent.at(-1)?.settings?.allowed_origins).toEqual(["https://shop.example", "https://*.shop.example"]);
  });

  it("gives the line for one's site", async () => {
    await shown();
    await tab("Install");
    expect(await screen.findByText('<script data-key="wk_1"></script>')).toBeTruthy();
  });

  it("changes nothing for those who may only read", async () => {
    await shown({ permissions: ["channels.read"] });
    expect(screen.getByLabelText<HTMLInputElement>("Greeting").matches(":disabled")).toBe(true);
    await tab("Behaviour");
    await userEvent.click(screen.getByRole("switch", { name: "On" }));
    expect(sent).toEqual([]);
  });

  it("says that a channel is not here", async () => {
    signIn();
    const problem = { type: "", title: "", status: 404, code: "not_found", detail: "", errors: [], trace: "" };
    server.use(http.get(address, () => HttpResponse.json(problem, { status: 404 })));
    await show(<ChannelPage />, {
      path: "/settings/channels/ch1",
      route: "/settings/channels/$channelId",
      cache: cacheWith(),
    });
    expect(await screen.findByText("This channel is not here")).toBeTruthy();
  });
});
