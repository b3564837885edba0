// One event: what it says, what it came of and what came of it, each a step away.
import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import type { EventStory, LoggedEvent } from "@/contract";
import { fullTime } from "@/shared/time";
import { Dialog } from "@/shared/ui/dialog";
import { Bone, Failed } from "@/shared/ui/states";
import { JsonBox } from "../json-box";
import { storyQuery } from "./api";

interface Props {
  seq: number;
  go: (seq: number) => void;
  close: () => void;
}

export function EventDialog({ seq, go, close }: Props) {
  const query = useQuery(storyQuery(seq));
  const event = query.data?.event;
  return (
    <Dialog
      wide
      open
      onOpenChange={close}
      title={event ? event.kind : `Event ${seq}`}
      description={event && `${seq}, ${fullTime(event.at)}`}
    >
      {query.isPending && <Bone className="h-64 rounded-lg" />}
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && <Story story={query.data} go={go} />}
    </Dialog>
  );
}

function Story({ story, go }: { story: EventStory; go: (seq: number) => void }) {
  const { event, causes, effects } = story;
  return (
    <div className="flex flex-col gap-4 text-sm">
      {causes.length > 0 && (
        <nav aria-label="What it came of">
          <h3 className="mb-1 text-xs text-text-3">Came of</h3>
          <ol className="flex flex-wrap items-center gap-1">
            {causes.toReversed().map((one) => (
              <li key={one.seq} className="flex items-center gap-1">
                <Step event={one} go={go} />
                <ChevronRight aria-hidden className="size-3.5 text-text-3" />
              </li>
            ))}
            <li className="font-mono text-xs">{event.kind}</li>
          </ol>
        </nav>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-text-3">By</dt>
        <dd className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">{event.caller}</dd>
        <dt className="text-text-3">About</dt>
        <dd className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">{event.subject}</dd>
      </dl>
      {event.payload === null ? (
        <p className="text-text-3">What it said was erased.</p>
      ) : (
        <JsonBox label="What it says" value={event.payload} />
      )}
      {effects.length > 0 && (
        <nav aria-label="What came of it">
          <h3 className="mb-1 text-xs text-text-3">What came of it</h3>
          <ul className="flex flex-wrap gap-1">
            {effects.map((one) => (
              <li key={one.seq}>
                <Step event={one} go={go} />
              </li>
            ))}
          </ul>
        </nav>
      )}
    </div>
  );
}

const Step = ({ event, go }: { event: LoggedEvent; go: (seq: number) => void }) => (
  <button
    type="button"
    onClick={() => go(event.seq)}
    className="rounded-md border border-line px-2 py-0.5 font-mono text-xs hover:bg-hover"
  >
    <span className="nums text-text-3">{event.seq}</span> {event.kind}
  </button>
);
