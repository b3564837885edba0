// What an export asks the server.
import type { Job, NewExport } from "@/contract";
import { answer, api } from "@/shared/api/client";

/** The same key is the same job, so that asking twice exports once. */
export const createExport = (body: NewExport, key: string): Promise<Job> =>
  answer(api.POST("/api/v1/inbox/exports", { params: { header: { "Idempotency-Key": key } }, body }));
