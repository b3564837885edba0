import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, http } from "msw";
import { act } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Conversation } from "@/contract";
import { membersQuery } from "@/shared/people/members";
import { useStore } from "@/shared/store";
import { item, ME, member } from "@/test/build";
import { server } from "@/test/server";
import { cacheWith, show, signIn } from "@/test/show";
import { keys } from "../model/api";
import { heldItem } from "../model/cache";
import { Chooser } from "./chooser";
import { askFor, askSnooze, choosing } from "./choosing";

const members = {
  items: [
    member(),
    member({ user_id: "u3", name: "Katherine Johnson" }),
    member({ user_id: "u2", name: "Alan Turing" }),
  ],
  next: null,
};

async function shown(change: Partial<Conversation> = {}) {
  const one = item(change);
  const cache = cacheWith([membersQuery.queryKey, members], [keys.conversation("c1"), one]);
  const Asked = () => useStore(choosing) && <Chooser item={one} />;
  await show(<Asked />, { cache });
  return () => heldItem(cache, "c1")?.conversation;
}
const options = () => screen.getAllByRole("option").map((one) => one.textContent);

beforeEach(() => {
  signIn();
  server.use(http.put("http://switchboard.test/api/v1/inbox/conversations/c1/:what", () => delay("infinite")));
});
afterEach(() => act(() => choosing.set(null)));

describe("the choices that keys ask for", () => {
  it("are oneself, the others by name, and nobody", async () => {
    await shown();
    act(() => askFor("assign", "c1"));
    expect(screen.getByRole("dialog", { name: "Assign to" })).toBeTruthy();
    expect(options().map((one) => one?.replace(/^[A-Z]{2}/, ""))).toEqual([
      "Ada Lovelace (you)",
      "Alan Turing",
      "Katherine Johnson",
      "Nobody",
    ]);
  });

  it("are narrowed down by typing, and the first is taken with Enter", async () => {
    const held = await shown();
    act(() => askFor("assign", "c1"));
    await userEvent.keyboard("kath{Enter}");
    expect(choosing.get()).toBeNull();
    await expect.poll(() => held()?.assignee_id).toBe("u3");
  });

  it("show which one is chosen already", async () => {
    await shown({ assignee_id: ME });
    act(() => askFor("assign", "c1"));
    const chosen = screen.getAllByLabelText("chosen").map((one) => one.closest("[role=option]")?.textContent);
    expect(chosen).toEqual([expect.stringContaining("Ada Lovelace (you)")]);
  });

  it("are left as they were with Escape", async () => {
    const held = await shown({ priority: "high" });
    act(() => askFor("priority", "c1"));
    await userEvent.keyboard("{Escape}");
    expect(choosing.get()).toBeNull();
    expect(held()?.priority).toBe("high");
  });

  it("say so when nothing fits", async () => {
    await shown();
    act(() => askFor("priority", "c1"));
    await userEvent.keyboard("zebra");
    expect(screen.getByText("Nothing found.")).toBeTruthy();
  });
});

describe("a time to snooze until", () => {
  async function asked() {
    const held = await shown();
    await act(async () => {
      askSnooze("c1");
      await delay(5);
    });
    return held;
  }
  const field = () => screen.getByLabelText<HTMLInputElement>("Day and time");
  const write = async (value: string): Promise<void> => {
    await userEvent.clear(field());
    await userEvent.type(field(), value);
  };

  it("is taken as it was written", async () => {
    const held = await asked();
    await write("2099-01-02T10:30");
    await userEvent.click(screen.getByRole("button", { name: "Snooze" }));
    expect(held()).toMatchObject({ status: "snoozed", snoozed_until: new Date("2099-01-02T10:30").toISOString() });
    expect(choosing.get()).toBeNull();
  });

  it("cannot be past", async () => {
    const held = await asked();
    await write("2020-01-02T10:30");
    expect(screen.getByRole("alert").textContent).toBe("Choose a time that is still to come.");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Snooze" }).disabled).toBe(true);
    expect(held()?.status).toBe("open");
  });
});
