// Long work: what runs, what came of it, and its files.
import { ListChecks } from "lucide-react";
import type { Registration } from "@/shared/registration";
import { jobsLive } from "./live";
import { JobTray } from "./tray";

export const jobs: Registration = {
  name: "jobs",
  nav: [{ label: "Jobs", to: "/settings/jobs", icon: ListChecks, place: "workspace", order: 40, needs: "jobs.manage" }],
  tray: JobTray,
  live: [jobsLive],
};
