// The tray's button at the foot of the rail: there while there is something in it, with a ring while something runs.
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Job } from "@/contract";
import { cx } from "@/shared/ui/cx";
import { lazily } from "@/shared/ui/lazily";
import { Tip } from "@/shared/ui/tooltip";
import { jobsQuery } from "./api";
import { isOver, partOfAll } from "./rules";

const TrayPanel = lazily(() => import("./tray-panel").then((one) => one.TrayPanel));
const none: Job[] = [];

export function JobTray({ open }: { open: boolean }) {
  const jobs = useQuery(jobsQuery("mine")).data?.items ?? none;
  const [isShown, setShown] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (jobs.length === 0 && !isShown) return null;
  const running = jobs.filter((job) => !isOver(job));
  const about = running.length > 0 ? `Jobs, ${running.length} running` : "Jobs";
  const toggle = (
    <button
      ref={button}
      type="button"
      aria-label={about}
      aria-haspopup="dialog"
      aria-expanded={isShown}
      onClick={() => setShown(!isShown)}
      className={cx(
        "flex h-8 items-center gap-2.5 rounded-md text-sm text-text-2 hover:bg-hover hover:text-text",
        "aria-expanded:bg-hover",
        open ? "px-2" : "justify-center",
      )}
    >
      <Ring part={running.length > 0 ? partOfAll(running) : 1} isRunning={running.length > 0} />
      {open && <span className="min-w-0 flex-1 truncate text-left">Jobs</span>}
      {open && running.length > 0 && <span className="nums text-xs text-text-3">{running.length}</span>}
    </button>
  );
  return (
    <>
      {open ? (
        toggle
      ) : (
        <Tip label={about} side="right">
          {toggle}
        </Tip>
      )}
      {isShown && <TrayPanel anchor={button} close={() => setShown(false)} />}
    </>
  );
}

const AROUND = 2 * Math.PI * 6;

/** Fills as far as the work has come; of what nobody knows the length it shows a part, and breathes. */
function Ring({ part, isRunning }: { part: number | null; isRunning: boolean }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 16 16"
      className={cx("size-4 shrink-0 -rotate-90", isRunning && part === null && "animate-breathe")}
    >
      <circle cx="8" cy="8" r="6" fill="none" strokeWidth="2" className="stroke-line-strong" />
      <circle
        cx="8"
        cy="8"
        r="6"
        fill="none"
        strokeWidth="2"
        strokeLinecap="round"
        strokeDasharray={`${AROUND * (part ?? 0.3)} ${AROUND}`}
        className={cx("transition-[stroke-dasharray] duration-150", isRunning ? "stroke-accent" : "stroke-text-3")}
      />
    </svg>
  );
}
