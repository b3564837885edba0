// What is alive right now: the actors of this workspace, second by second.
import { useQuery } from "@tanstack/react-query";
import type { ActorTree } from "@/contract";
import { fullTime, span } from "@/shared/time";
import { cx } from "@/shared/ui/cx";
import { Page } from "@/shared/ui/pane";
import { Bone, Failed, Later } from "@/shared/ui/states";
import { actorsQuery } from "./api";
import { BridgesTable, EntitiesTable, SessionsTable } from "./tables";

export function LivePage() {
  const query = useQuery(actorsQuery);
  const tree = query.data;
  return (
    <Page
      wide
      title="Live"
      about="Everything that is awake for this workspace, as it is this second."
      actions={tree && <Pulse isFresh={!query.isError} />}
    >
      {!tree && query.isPending && (
        <Later>
          <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
            {[1, 2, 3, 4].map((key) => (
              <Bone key={key} className="h-24 rounded-lg" />
            ))}
          </div>
        </Later>
      )}
      {!tree && query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {tree && <Tree tree={tree} />}
    </Page>
  );
}

function Pulse({ isFresh }: { isFresh: boolean }) {
  return (
    <span className="flex h-8 items-center gap-2 text-xs text-text-3">
      <span
        aria-hidden
        className={cx("size-2 rounded-full", isFresh ? "animate-breathe bg-green-dot" : "bg-red-dot")}
      />
      {isFresh ? "Updates each second" : "Not answering; trying again"}
    </span>
  );
}

function Tree({ tree }: { tree: ActorTree }) {
  const { node, bus, timer, tenant, journal } = tree;
  const n_quarantined = tree.entities.filter((one) => one.state === "quarantined").length;
  return (
    <div className="flex flex-col gap-8">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Card
          name="Tenant"
          main={tree.entities.length}
          unit="awake"
          lines={[
            [`${tenant.sleepers}`, "put to sleep"],
            [`${n_quarantined}`, "in quarantine"],
          ]}
          isTroubled={n_quarantined > 0}
        />
        <Card
          name="Journal"
          main={journal.queued}
          unit="queued"
          lines={[
            [`${journal.written}`, `written in ${journal.batches} batches`],
            [`${journal.largest_batch}`, `largest, ${journal.last_batch} last`],
          ]}
        />
        <Card
          name="Bus"
          main={bus.sessions}
          unit="sessions"
          lines={[
            [`${bus.delivered}`, "frames delivered"],
            [`${bus.topics}`, `topics, ${bus.ring} in the ring`],
          ]}
        />
        <Card
          name="Timer"
          main={timer.fired}
          unit="fired"
          lines={[
            [timer.next_due_at ? fullTime(timer.next_due_at) : "Nothing", timer.next_due_at ? "is next" : "is due"],
          ]}
        />
      </div>
      <EntitiesTable entities={tree.entities} />
      <BridgesTable bridges={tree.bridges} />
      <SessionsTable sessions={tree.sessions} />
      <p className="nums text-xs text-text-3">
        Switchboard {node.version}, up for {span(node.uptime_seconds * 1000)}, since {fullTime(node.started_at)}.{" "}
        {tenant.name} awake since {fullTime(tenant.since)}.
      </p>
    </div>
  );
}

interface CardProps {
  name: string;
  main: number;
  unit: string;
  lines: [string, string][];
  isTroubled?: boolean;
}

function Card({ name, main, unit, lines, isTroubled = false }: CardProps) {
  return (
    <section
      aria-label={name}
      className={cx("rounded-lg border bg-raised px-4 py-3.5", isTroubled ? "border-red-dot" : "border-line")}
    >
      <h2 className="text-xs font-medium text-text-3">{name}</h2>
      <p className="mt-1 flex items-baseline gap-1.5">
        <span className="nums text-title font-semibold tracking-tight">{main}</span>
        <span className="text-sm text-text-2">{unit}</span>
      </p>
      <ul className="mt-1.5">
        {lines.map(([value, word]) => (
          <li key={word.replace(/\d+/g, "")} className="truncate text-xs text-text-3">
            <span className="nums text-text-2">{value}</span> {word}
          </li>
        ))}
      </ul>
    </section>
  );
}
