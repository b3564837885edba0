// What was sent to one webhook, and what came back; it refreshes while it is open.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Delivery, DeliveryState } from "@/contract";
import { fullTime, rowTime, useNow } from "@/shared/time";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Bone, Failed, Later } from "@/shared/ui/states";
import { StateWord } from "../state-word";
import { deliveriesQuery } from "./api";
import { answerOf, deliveryState } from "./rules";

const filters: [DeliveryState | null, string][] = [
  [null, "All"],
  ["waiting", "Waiting"],
  ["delivered", "Delivered"],
  ["failed", "Failed"],
];

export function Deliveries({ id, open }: { id: string; open: (delivery: Delivery) => void }) {
  const [state, setState] = useState<DeliveryState | null>(null);
  const query = useInfiniteQuery(deliveriesQuery(id, state));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label="Deliveries" className="border-t border-line py-6">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base font-semibold">Deliveries</h2>
        <div role="group" aria-label="Which deliveries" className="flex gap-1">
          {filters.map(([value, label]) => (
            <Button
              key={label}
              size="sm"
              look="ghost"
              aria-pressed={state === value}
              className={cx(state === value && "bg-accent-soft text-accent-text")}
              onClick={() => setState(value)}
            >
              {label}
            </Button>
          ))}
        </div>
      </div>
      {query.isPending && (
        <Later>
          <Bone className="h-40 rounded-lg" />
        </Later>
      )}
      {query.isError && !query.data && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && items.length === 0 && (
        <p className="rounded-lg border border-line bg-raised px-3 py-4 text-sm text-text-3">
          {state ? "None that is like this." : "Nothing was sent yet. Send a test to see whether it arrives."}
        </p>
      )}
      {items.length > 0 && <Table items={items} open={open} />}
      {query.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      )}
    </section>
  );
}

function Table({ items, open }: { items: Delivery[]; open: (delivery: Delivery) => void }) {
  const now = useNow();
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label="Deliveries, table"
      className="overflow-x-auto rounded-lg border border-line bg-raised"
    >
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr>
            {["Event", "State", "Answer", "Attempts", "When"].map((word) => (
              <th key={word} scope="col" className="px-3 py-2 text-left text-2xs font-medium text-text-3">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id} className="border-t border-line hover:bg-hover">
              <td className="h-9 px-3 whitespace-nowrap">
                <button type="button" onClick={() => open(one)} className="rounded font-mono text-xs hover:underline">
                  {one.kind}
                </button>
              </td>
              <td className="px-3">
                <StateWord {...deliveryState(one)} />
              </td>
              <td className="nums px-3 text-text-2">{answerOf(one)}</td>
              <td className="nums px-3 text-text-2">{one.attempts}</td>
              <td className="nums px-3 whitespace-nowrap text-text-3" title={fullTime(one.created_at)}>
                {rowTime(one.created_at, now)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
