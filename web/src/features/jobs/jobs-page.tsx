// Every job of this workspace, its upkeep too, for those who look after it.
import { useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import type { Job } from "@/contract";
import { Page } from "@/shared/ui/pane";
import { Bone, Empty, Failed, Later } from "@/shared/ui/states";
import { jobsQuery } from "./api";
import { JobRow } from "./job-row";

export function JobsPage() {
  const query = useQuery(jobsQuery("all"));
  const jobs = query.data?.items ?? [];
  return (
    <Page
      title="Jobs"
      about="What takes long in this workspace, whoever started it, and the daily clean-up. Kept for 30 days."
    >
      {query.isPending && (
        <Later>
          <Bone className="h-48 rounded-lg" />
        </Later>
      )}
      {query.isError && !query.data && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && jobs.length === 0 && (
        <div className="rounded-xl border border-line bg-canvas py-4">
          <Empty picture={<ListChecks aria-hidden className="size-6" />} title="No jobs yet">
            Exports of your team and the daily clean-up will show here.
          </Empty>
        </div>
      )}
      {jobs.length > 0 && (
        <ul aria-label="Jobs" className="divide-y divide-line rounded-lg border border-line bg-raised">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} by={starter(job)} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function starter(job: Job): string {
  return job.started_by ? job.starter_name : "by itself";
}
