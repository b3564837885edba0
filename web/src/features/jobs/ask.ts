// What is asked about one job.
import { queryOptions } from "@tanstack/react-query";
import type { Job, JobDetail } from "@/contract";
import { answer, api } from "@/shared/api/client";
import { keys } from "./api";

export const detailQuery = (id: string) =>
  queryOptions({
    queryKey: keys.detail(id),
    queryFn: ({ signal }): Promise<JobDetail> =>
      answer(api.GET("/api/v1/jobs/{id}", { params: { path: { id } }, signal })),
  });

export const cancelJob = (id: string): Promise<Job> =>
  answer(api.POST("/api/v1/jobs/{id}/cancel", { params: { path: { id } } }));

export const deleteJob = (id: string): Promise<unknown> =>
  answer(api.DELETE("/api/v1/jobs/{id}", { params: { path: { id } } }));

/** Fetches a job's file and hands it to the browser as a download. */
export async function saveFile(id: string, name: string): Promise<void> {
  const blob = await answer(api.GET("/api/v1/jobs/{id}/file", { params: { path: { id } }, parseAs: "blob" }));
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The browser takes it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
