import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Job, Page } from "@/contract";
import { dispatcher } from "@/shared/live/on";
import { Toasts } from "@/shared/ui/toast";
import { job } from "@/test/build";
import { server } from "@/test/server";
import { cacheWith, show, signIn } from "@/test/show";
import { keys } from "./api";
import { jobsLive } from "./live";
import { JobTray } from "./tray";

const address = "http://switchboard.test/api/v1/jobs";
const asked: string[] = [];
const file = { name: "a.csv", kind: "text/csv", bytes: 12, until: "2026-11-28T09:00:00Z" } as const;

async function shown(items: Job[]) {
  const cache = cacheWith([keys.list("mine"), { items, next: null }]);
  await show(
    <>
      <JobTray open />
      <Toasts />
    </>,
    { cache },
  );
  const tell = dispatcher([jobsLive], cache);
  const held = () => cache.getQueryData<Page<Job>>(keys.list("mine"))?.items ?? [];
  return { tell, held };
}

const button = () => screen.queryByRole("button", { name: /^Jobs/ });

async function opened() {
  await userEvent.click(screen.getByRole("button", { name: /^Jobs/ }));
  return await screen.findByRole("dialog", { name: "Jobs" });
}

beforeEach(() => {
  asked.length = 0;
  signIn();
  server.use(
    http.post(`${address}/:id/cancel`, ({ params }) => {
      asked.push(`cancel ${String(params.id)}`);
      return HttpResponse.json(job({ is_cancelling: true, version: 5 }));
    }),
    http.delete(`${address}/:id`, ({ params }) => {
      asked.push(`delete ${String(params.id)}`);
      return new HttpResponse(null, { status: 204 });
    }),
    http.get(`${address}/:id/file`, () => new HttpResponse("a,b\r\n", { headers: { "content-type": "text/csv" } })),
    http.get(`${address}/:id`, () =>
      HttpResponse.json({ job: job(), failures: [{ item: "#1042", reason: "it is gone" }] }),
    ),
  );
});

describe("the tray", () => {
  it("is not there while there is nothing in it, and comes with the first job", async () => {
    const { tell } = await shown([]);
    expect(button()).toBeNull();
    tell("job.created", job({ state: "waiting" }));
    expect(await screen.findByRole("button", { name: "Jobs, 1 running" })).toBeTruthy();
  });

  it("shows how far a job has come, live, and never goes back", async () => {
    const { tell } = await shown([job({ done: 10, total: 100, version: 2 })]);
    const panel = await opened();
    const bar = within(panel).getByRole("progressbar", { name: "Export of conversations" });
    expect(bar.getAttribute("aria-valuenow")).toBe("10");
    tell("job.progressed", job({ done: 60, total: 100, version: 4, remaining_seconds: 8 }));
    await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("60");
    tell("job.progressed", job({ done: 40, total: 100, version: 3 }));
    await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("60");
    tell("job.finished", job({ state: "finished", version: 5, file }));
    expect(await within(panel).findByRole("button", { name: "Download" })).toBeTruthy();
    expect(await screen.findByText("Export of conversations: done.")).toBeTruthy();
    expect(button()?.getAttribute("aria-label")).toBe("Jobs");
  });

  it("cancels, downloads and removes", async () => {
    const { held } = await shown([job(), job({ id: "j2", state: "finished", file })]);
    const make = vi.fn(() => "blob:x");
    Object.assign(URL, { createObjectURL: make, revokeObjectURL: () => undefined });
    const panel = await opened();
    await userEvent.click(within(panel).getByRole("button", { name: "Cancel" }));
    await expect.poll(() => within(panel).queryByText("Is being cancelled")).toBeTruthy();
    await userEvent.click(within(panel).getByRole("button", { name: "Download" }));
    await expect.poll(() => make.mock.calls.length).toBe(1);
    await userEvent.click(within(panel).getByRole("button", { name: "Remove Export of conversations" }));
    await expect.poll(() => held().map((one) => one.id)).toEqual(["j1"]);
    expect(asked).toEqual(["cancel j1", "delete j2"]);
  });

  it("names what could not be done, and says when it is empty", async () => {
    const { tell } = await shown([job({ state: "finished", n_failures: 3 })]);
    const panel = await opened();
    await userEvent.click(within(panel).getByRole("button", { name: "3 things could not be done" }));
    const named = await within(panel).findByRole("list", { name: "What could not be done" });
    await expect.poll(() => named.textContent).toBe("#1042: it is goneand 2 more");
    tell("job.deleted", { id: "j1", started_by: null });
    expect(await within(panel).findByText("Nothing here")).toBeTruthy();
    await userEvent.keyboard("{Escape}");
    await expect.poll(button).toBeNull();
  });

  it("leaves out what others started, and shows upkeep that failed", async () => {
    const { tell, held } = await shown([]);
    tell("job.started", job({ started_by: "somebody" }));
    tell("job.finished", job({ id: "j2", kind: "tenant.sweep", is_quiet: true, state: "finished", started_by: null }));
    tell("job.failed", job({ id: "j3", kind: "tenant.sweep", is_quiet: true, state: "failed", started_by: null }));
    expect(held().map((one) => one.id)).toEqual(["j3"]);
  });
});
