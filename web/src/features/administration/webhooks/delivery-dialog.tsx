// One delivery: what is sent, and how each attempt went.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { useState } from "react";
import type { DeliveryStory } from "@/contract";
import { fullTime } from "@/shared/time";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Bone, Failed } from "@/shared/ui/states";
import { toast, toastProblem } from "@/shared/ui/toast";
import { JsonBox, laidOut } from "../json-box";
import { StateWord } from "../state-word";
import { keys, resend, storyQuery } from "./api";
import { deliveryState, headers } from "./rules";

interface Props {
  webhookId: string;
  deliveryId: string;
  kind: string;
  close: () => void;
}

export function DeliveryDialog({ webhookId, deliveryId, kind, close }: Props) {
  const query = useQuery(storyQuery(webhookId, deliveryId));
  return (
    <Dialog
      wide
      open
      onOpenChange={close}
      title={kind}
      description={<span className="font-mono text-2xs">{deliveryId}</span>}
    >
      {query.isPending && <Bone className="h-64 rounded-lg" />}
      {query.isError && !query.data && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && <Story webhookId={webhookId} story={query.data} />}
    </Dialog>
  );
}

function Story({ webhookId, story }: { webhookId: string; story: DeliveryStory }) {
  const { delivery, body, attempts } = story;
  const cache = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const again = (): void => {
    setBusy(true);
    resend(webhookId, delivery.id)
      .then(
        () => toast("It is sent once more, with the same id"),
        (error: unknown) => toastProblem(error, "It was not sent again."),
      )
      .finally(() => {
        setBusy(false);
        void cache.invalidateQueries({ queryKey: keys.all });
      });
  };
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <span className="flex items-center gap-3">
          <StateWord {...deliveryState(delivery)} />
          {delivery.state === "waiting" && (
            <span className="text-xs text-text-3">next {fullTime(delivery.next_at)}</span>
          )}
        </span>
        <Button size="sm" busy={isBusy} onClick={again}>
          <Send aria-hidden className="size-3.5" /> Send again
        </Button>
      </div>
      <section>
        <h3 className="mb-1.5 text-sm font-medium">Request</h3>
        <p className="mb-1.5 font-mono text-2xs text-text-3">{headers.join(" · ")}</p>
        {body === null ? (
          <p className="text-sm text-text-3">The event was erased; there is nothing left to send.</p>
        ) : (
          <JsonBox label="Body of the request" value={laidOut(body)} />
        )}
      </section>
      <section>
        <h3 className="mb-1.5 text-sm font-medium">Attempts</h3>
        {attempts.length === 0 && <p className="text-sm text-text-3">None yet.</p>}
        <ol className="flex flex-col gap-2">
          {attempts.map((one) => (
            <li key={one.n} className="rounded-lg border border-line px-3 py-2 text-sm">
              <span className="flex flex-wrap items-baseline justify-between gap-2">
                <span className="font-medium">
                  {one.n}. {one.status ?? "no answer"}
                </span>
                <span className="nums text-xs text-text-3">
                  {fullTime(one.at)}, {one.took_ms} ms
                </span>
              </span>
              {one.error && <span className="mt-0.5 block text-xs text-red">{one.error}</span>}
              {one.answer && (
                <pre className="mt-1 font-mono text-2xs whitespace-pre-wrap text-text-2 [overflow-wrap:anywhere]">
                  {one.answer}
                </pre>
              )}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
