import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { channel, job, label } from "@/test/build";
import { server } from "@/test/server";
import { cacheWith, show, signIn } from "@/test/show";
import { keys } from "../model/api";
import { exportCommands, exporting } from "./asking";
import { ExportDialog } from "./export-dialog";

const asked: { body: unknown; key: string | null }[] = [];
let isRefused = false;

beforeEach(async () => {
  asked.length = 0;
  isRefused = false;
  signIn();
  const problem = {
    type: "",
    title: "",
    status: 409,
    code: "too_many_jobs",
    detail: "100 jobs",
    errors: [],
    trace: "",
  };
  server.use(
    http.post("http://switchboard.test/api/v1/inbox/exports", async ({ request }) => {
      asked.push({ body: await request.json(), key: request.headers.get("idempotency-key") });
      return isRefused ? HttpResponse.json(problem, { status: 409 }) : HttpResponse.json(job(), { status: 201 });
    }),
  );
  exporting.set({ status: "resolved" });
  const cache = cacheWith(
    [keys.channels, { items: [channel()], next: null }],
    [keys.labels, { items: [label()], next: null }],
  );
  await show(<ExportDialog />, { cache });
});

const submit = () => userEvent.click(screen.getByRole("button", { name: "Export" }));

describe("the dialog for an export", () => {
  it("asks for what was chosen, and closes", async () => {
    await userEvent.selectOptions(screen.getByLabelText("Format"), "jsonl");
    await userEvent.selectOptions(screen.getByLabelText("Channel"), "Shop chat");
    await userEvent.selectOptions(screen.getByLabelText("Label"), "Billing");
    await userEvent.click(screen.getByRole("switch", { name: "With notes" }));
    await submit();
    await expect.poll(() => exporting.get()).toBeNull();
    expect(asked.map((one) => one.body)).toEqual([
      { format: "jsonl", status: "resolved", channel_id: "ch1", label_id: "l1", with_notes: true },
    ]);
  });

  it("says what is wrong, and asks for the same job when it is tried again", async () => {
    isRefused = true;
    await submit();
    expect((await screen.findByRole("alert")).textContent).toBe("100 jobs.");
    isRefused = false;
    await submit();
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[0]?.key).toBe(asked[1]?.key);
  });

  it("does not take days in the wrong order", async () => {
    await userEvent.type(screen.getByLabelText("Started from"), "2026-11-02");
    await userEvent.type(screen.getByLabelText("until"), "2026-11-01");
    expect(screen.getByRole("alert").textContent).toMatch(/before/);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Export" }).disabled).toBe(true);
  });

  it("is offered to those who may export", () => {
    expect(exportCommands()).toHaveLength(1);
    signIn({ permissions: ["conversations.read"] });
    expect(exportCommands()).toEqual([]);
  });
});
