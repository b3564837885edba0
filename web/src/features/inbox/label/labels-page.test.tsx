import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { Label } from "@/contract";
import { Toasts } from "@/shared/ui/toast";
import { item, label } from "@/test/build";
import { server } from "@/test/server";
import { cacheWith, show, signIn } from "@/test/show";
import { keys } from "../model/api";
import { heldItem } from "../model/cache";
import { LabelsPage } from "./labels-page";

const address = "http://switchboard.test/api/v1/inbox/labels";
const asked: [string, unknown][] = [];

async function shown(held: Label[] = [label(), label({ id: "l2", name: "Order", color: "blue" })]) {
  const cache = cacheWith(
    [keys.labels, { items: held, next: null }],
    [keys.conversation("c1"), item({ label_ids: ["l1"] })],
  );
  await show(
    <>
      <LabelsPage />
      <Toasts />
    </>,
    { cache },
  );
  return cache;
}

const names = () =>
  within(screen.getByRole("list", { name: "Labels" }))
    .getAllByRole("listitem")
    .map((one) => one.textContent);
const taken = { type: "", title: "", status: 409, code: "label_taken", errors: [], trace: "" };

beforeEach(() => {
  asked.length = 0;
  signIn();
  server.use(
    http.post(address, async ({ request }) => {
      const body = (await request.json()) as Label;
      asked.push(["make", body]);
      if (body.name === "Order")
        return HttpResponse.json({ ...taken, detail: "there is a label of this name already" }, { status: 409 });
      return HttpResponse.json(label({ ...body, id: `made ${body.name}` }), { status: 201 });
    }),
    http.patch(`${address}/:id`, async ({ request, params }) => {
      const body = (await request.json()) as Partial<Label>;
      asked.push([String(params.id), body]);
      return HttpResponse.json(label({ ...body, id: String(params.id) }));
    }),
    http.delete(`${address}/:id`, ({ params }) => {
      asked.push([String(params.id), "deleted"]);
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

describe("the page of labels", () => {
  it("teaches when there are none, and makes the first", async () => {
    await shown([]);
    expect(screen.getByText("No labels yet")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "New label" }));
    await userEvent.keyboard("Wholesale{Enter}");
    await expect.poll(names).toEqual(["Wholesale"]);
    expect(asked).toMatchObject([["make", { name: "Wholesale" }]]);
  });

  it("says beside the name that it is taken, and keeps what was typed", async () => {
    await shown();
    await userEvent.click(screen.getByRole("button", { name: "New label" }));
    await userEvent.keyboard("Order{Enter}");
    expect((await screen.findByRole("alert")).textContent).toBe("There is a label of this name already.");
    const box = screen.getByLabelText<HTMLInputElement>("Name of the new label");
    expect(box.value).toBe("Order");
    await userEvent.type(box, "s{Enter}");
    await expect.poll(names).toEqual(["Billing", "Order", "Orders"]);
  });

  it("renames with Enter, not with Escape, and takes it back", async () => {
    await shown();
    const begin = () => userEvent.click(screen.getByRole("button", { name: "Rename Billing" }));
    await begin();
    await userEvent.keyboard("{Control>}a{/Control}Nothing{Escape}");
    expect([names(), asked]).toEqual([["Billing", "Order"], []]);
    await begin();
    await userEvent.clear(screen.getByLabelText("Name of Billing"));
    await userEvent.keyboard("Invoices{Enter}");
    await expect.poll(names).toEqual(["Invoices", "Order"]);
    await userEvent.click(await screen.findByRole("button", { name: /Undo/ }));
    await expect.poll(names).toEqual(["Billing", "Order"]);
    expect(asked).toEqual([
      ["l1", { name: "Invoices" }],
      ["l1", { name: "Billing" }],
    ]);
  });

  it("gives a label another colour", async () => {
    await shown();
    await userEvent.click(screen.getByRole("button", { name: "Colour of Billing: Teal" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Pink" }));
    expect(await screen.findByRole("button", { name: "Colour of Billing: Pink" })).toBeTruthy();
    await expect.poll(() => asked).toEqual([["l1", { color: "pink" }]]);
  });

  it("deletes after it has said what that means, and takes the label off what is on screen", async () => {
    const cache = await shown();
    await userEvent.click(screen.getByRole("button", { name: "Delete Billing" }));
    expect(screen.getByRole("dialog").textContent).toContain("taken off every conversation");
    await userEvent.click(screen.getByRole("button", { name: "Keep it" }));
    expect(asked).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Delete Billing" }));
    await userEvent.click(screen.getByRole("button", { name: "Delete it" }));
    await expect.poll(names).toEqual(["Order"]);
    expect(heldItem(cache, "c1")?.conversation.label_ids).toEqual([]);
  });
});
