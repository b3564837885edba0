// The tables of the live page. Rows keep their keys and order, so that only numbers change.
import { type ReactNode, useState } from "react";
import type { ActorTree } from "@/contract";
import { rowTime, span, useNow } from "@/shared/time";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { bytes, depth, inOrder } from "./rules";

const FIRST = 25;

export function EntitiesTable({ entities }: { entities: ActorTree["entities"] }) {
  const [all, setAll] = useState(false);
  const ordered = inOrder(entities);
  const shown = all ? ordered : ordered.slice(0, FIRST);
  return (
    <Table
      title="Entities"
      n={entities.length}
      empty="Nothing is awake. A conversation wakes with its next message."
      head={["Entity", "State", "Mailbox", "Handled", "Restarts", "Idle"]}
    >
      {shown.map((one) => (
        <tr key={`${one.kind} ${one.id}`} className="border-t border-line">
          <Cell>
            <span className="text-text-3">{one.kind}</span> <span className="font-medium">{one.label}</span>
          </Cell>
          <Cell>
            <State word={one.state} tone={one.state === "live" ? "good" : "bad"} />
          </Cell>
          <Cell>
            <Depth n={one.mailbox} />
          </Cell>
          <Cell isNumber>{one.handled}</Cell>
          <Cell isNumber>
            <span className={one.restarts > 0 ? "text-amber" : "text-text-3"}>{one.restarts}</span>
          </Cell>
          <Cell isNumber>
            <span className="text-text-3">{span(one.idle_seconds * 1000)}</span>
          </Cell>
        </tr>
      ))}
      {ordered.length > FIRST && (
        <tr className="border-t border-line">
          <td colSpan={6} className="px-3 py-1.5">
            <Button look="ghost" size="sm" onClick={() => setAll(!all)}>
              {all ? "Show fewer" : `Show all ${ordered.length}`}
            </Button>
          </td>
        </tr>
      )}
    </Table>
  );
}

export function BridgesTable({ bridges }: { bridges: ActorTree["bridges"] }) {
  return (
    <Table
      title="Bridges"
      n={bridges.length}
      empty="No channel needs a bridge to the outside."
      head={["Channel", "State", "Queued", "Restarts", "Last error"]}
    >
      {bridges.map((one) => (
        <tr key={one.channel_id} className="border-t border-line">
          <Cell>
            <span className="font-medium">{one.name}</span>{" "}
            <span className="text-text-3">{one.kind.replace("_", " ")}</span>
          </Cell>
          <Cell>
            <State word={one.state} tone={one.state === "waiting" ? "warn" : "good"} />
          </Cell>
          <Cell>
            <Depth n={one.queued} />
          </Cell>
          <Cell isNumber>
            <span className={one.restarts > 0 ? "text-amber" : "text-text-3"}>{one.restarts}</span>
          </Cell>
          <Cell>
            <span
              className={cx("block max-w-80 truncate", one.last_error ? "text-red" : "text-text-3")}
              title={one.last_error ?? undefined}
            >
              {one.last_error ?? "none"}
            </span>
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

export function SessionsTable({ sessions }: { sessions: ActorTree["sessions"] }) {
  const now = useNow();
  const ordered = [...sessions].sort((a, b) => a.since.localeCompare(b.since) || a.id.localeCompare(b.id));
  return (
    <Table
      title="Sessions"
      n={sessions.length}
      empty="Nobody is connected."
      head={["Who", "Kind", "Topics", "Not yet receipted", "Since"]}
    >
      {ordered.map((one) => (
        <tr key={one.id} className="border-t border-line">
          <Cell>
            <span className="font-medium">{one.who}</span>
          </Cell>
          <Cell>
            <span className="text-text-2">{one.kind === "user" ? "Member" : "Visitor"}</span>
          </Cell>
          <Cell isNumber>{one.topics}</Cell>
          <Cell isNumber>
            <span className={one.unreceipted_bytes > 512 * 1024 ? "text-amber" : "text-text-3"}>
              {bytes(one.unreceipted_bytes)}
            </span>
          </Cell>
          <Cell isNumber>
            <span className="text-text-3">{rowTime(one.since, now)}</span>
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

function Table({
  title,
  n,
  head,
  empty,
  children,
}: {
  title: string;
  n: number;
  head: string[];
  empty: string;
  children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <h2 className="mb-2 text-base font-semibold">
        {title} <span className="nums font-normal text-text-3">{n}</span>
      </h2>
      {n === 0 && <p className="rounded-lg border border-line bg-raised px-3 py-4 text-sm text-text-3">{empty}</p>}
      {n > 0 && (
        <div
          tabIndex={0}
          role="region"
          aria-label={`${title}, table`}
          className="overflow-x-auto rounded-lg border border-line bg-raised"
        >
          <table className="w-full border-collapse text-sm">
            <thead>
              <tr>
                {head.map((word) => (
                  <th
                    key={word}
                    scope="col"
                    className="px-3 py-2 text-left text-2xs font-medium whitespace-nowrap text-text-3"
                  >
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const Cell = ({ isNumber = false, children }: { isNumber?: boolean; children: ReactNode }) => (
  <td className={cx("h-9 px-3 whitespace-nowrap", isNumber && "nums")}>{children}</td>
);

const tones = { good: "bg-green-dot", warn: "bg-amber-dot", bad: "bg-red-dot" };

function State({ word, tone }: { word: string; tone: keyof typeof tones }) {
  return (
    <span className={cx("inline-flex items-center gap-2", tone === "bad" && "font-medium text-red")}>
      <span aria-hidden className={cx("size-2 rounded-full", tones[tone])} />
      {word}
    </span>
  );
}

function Depth({ n }: { n: number }) {
  const full = depth(n);
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden className="h-1.5 w-20 overflow-hidden rounded-full bg-pressed">
        <span
          className={cx(
            "block h-full origin-left rounded-full transition-transform duration-300",
            full > 0.75 ? "bg-red-dot" : full > 0.5 ? "bg-amber-dot" : "bg-accent",
          )}
          style={{ transform: `scaleX(${full})` }}
        />
      </span>
      <span className={cx("nums w-6", n === 0 && "text-text-3")}>{n}</span>
    </span>
  );
}
