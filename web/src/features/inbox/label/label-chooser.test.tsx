import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { NewLabel, Permission } from "@/contract";
import { Toasts } from "@/shared/ui/toast";
import { item, label } from "@/test/build";
import { server } from "@/test/server";
import { cacheWith, show, signIn } from "@/test/show";
import { keys } from "../model/api";
import { heldItem } from "../model/cache";
import { LabelChooser } from "./label-chooser";

const labels = [label({ id: "l2", name: "Order", color: "blue" }), label(), label({ id: "l3", name: "Return" })];

async function shown({
  permissions = ["conversations.read", "conversations.write"] as Permission[],
  held = labels,
} = {}) {
  signIn({ permissions });
  const one = item({ label_ids: ["l1"] });
  const cache = cacheWith([keys.labels, { items: held, next: null }], [keys.conversation("c1"), one]);
  const close = vi.fn();
  await show(
    <>
      <LabelChooser item={one} close={close} />
      <Toasts />
    </>,
    { cache },
  );
  return { close, on: () => heldItem(cache, "c1")?.conversation.label_ids };
}

const ticked = () =>
  screen
    .getAllByRole("option")
    .filter((one) => one.querySelector("[aria-label=chosen]"))
    .map((one) => one.textContent);

beforeEach(() => {
  server.use(http.put("http://switchboard.test/api/v1/inbox/conversations/c1/labels", () => delay("infinite")));
});

describe("the labels of a conversation", () => {
  it("are ticked where it has them, and stand by name", async () => {
    await shown();
    expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["Billing", "Order", "Return"]);
    expect(ticked()).toEqual(["Billing"]);
  });

  it("are put on and taken off by typing and Enter, all at once when the list is left", async () => {
    const { close, on } = await shown();
    await userEvent.keyboard("ord{Enter}bil{Enter}ret{Enter}");
    expect(ticked()).toEqual(["Order", "Return"]);
    expect(on()).toEqual(["l1"]);
    await userEvent.keyboard("{Escape}");
    expect(close).toHaveBeenCalledOnce();
    await expect.poll(on).toEqual(["l2", "l3"]);
  });

  it("are made on the way by those who may, in a colour of their own", async () => {
    const made: NewLabel[] = [];
    server.use(
      http.post("http://switchboard.test/api/v1/inbox/labels", async ({ request }) => {
        const body = (await request.json()) as NewLabel;
        made.push(body);
        return HttpResponse.json(label({ id: "l9", ...body }), { status: 201 });
      }),
    );
    const { on } = await shown({ permissions: ["conversations.read", "conversations.write", "labels.manage"] });
    await userEvent.keyboard("VIP");
    expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["Make “VIP”"]);
    // Also when the list is left before the label is there.
    await userEvent.keyboard("{Enter}{Escape}");
    await expect.poll(on).toEqual(["l1", "l9"]);
    expect(made).toMatchObject([{ name: "VIP" }]);
    expect(labels.map((one) => one.color)).not.toContain(made[0]?.color);
  });

  it("say why one was not made, and are left as they were", async () => {
    const problem = { type: "", title: "", status: 409, code: "too_many_labels", errors: [], trace: "" };
    server.use(
      http.post("http://switchboard.test/api/v1/inbox/labels", () =>
        HttpResponse.json({ ...problem, detail: "there are 500 labels already" }, { status: 409 }),
      ),
    );
    await shown({ permissions: ["conversations.read", "conversations.write", "labels.manage"] });
    await userEvent.keyboard("VIP{Enter}");
    expect(await screen.findByText("“VIP” was not made. There are 500 labels already.")).toBeTruthy();
    expect(ticked()).toEqual(["Billing"]);
  });

  it("are not made twice in other letters", async () => {
    await shown({ permissions: ["conversations.read", "conversations.write", "labels.manage"] });
    await userEvent.keyboard("BILLING");
    expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["Billing"]);
  });

  it("are not made by those who may not", async () => {
    await shown();
    await userEvent.keyboard("VIP");
    expect(screen.queryAllByRole("option")).toEqual([]);
    expect(screen.getByText("Nothing found.")).toBeTruthy();
  });
});
