// What lies in the tray: each job with how far it has come, what came of it, and what can be done about it.
import { useQuery } from "@tanstack/react-query";
import { Popover } from "radix-ui";
import type { RefObject } from "react";
import { cx } from "@/shared/ui/cx";
import { floating } from "@/shared/ui/menu";
import { Bone, Empty, Failed, Later } from "@/shared/ui/states";
import { jobsQuery } from "./api";
import { JobRow } from "./job-row";

interface TrayPanelProps {
  anchor: RefObject<HTMLButtonElement | null>;
  close: () => void;
}

export function TrayPanel({ anchor, close }: TrayPanelProps) {
  return (
    <Popover.Root open onOpenChange={(open) => !open && close()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          aria-label="Jobs"
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          // A click on the button closes by itself.
          onInteractOutside={(event) => anchor.current?.contains(event.target as Node) && event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.current?.focus({ preventScroll: true });
          }}
          className={cx(floating, "w-[min(380px,calc(100vw-16px))] p-0")}
        >
          <h2 className="border-b border-line px-3.5 py-2.5 font-semibold">Jobs</h2>
          <div className="max-h-[min(420px,60vh)] overflow-y-auto">
            <List />
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function List() {
  const query = useQuery(jobsQuery("mine"));
  if (query.isPending)
    return (
      <Later>
        <Bone className="m-3.5 h-12" />
      </Later>
    );
  if (!query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.data.items.length === 0)
    return <Empty title="Nothing here">What takes long, like an export, shows here how far it has come.</Empty>;
  return (
    <ul aria-label="Jobs" className="divide-y divide-line">
      {query.data.items.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </ul>
  );
}
