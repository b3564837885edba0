// The log as it grows: filtered, paused, and each event with what it came of. Below it, who follows it.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { useMemo, useState } from "react";
import type { LoggedEvent } from "@/contract";
import { clockTime, fullTime } from "@/shared/time";
import { Button } from "@/shared/ui/button";
import { cx } from "@/shared/ui/cx";
import { Field, Input } from "@/shared/ui/field";
import { Page } from "@/shared/ui/pane";
import { Bone, Failed, Later } from "@/shared/ui/states";
import { useEventTypes } from "../catalogue";
import { isPattern, suggestions } from "../pattern";
import { type Filter, newQuery, pastQuery } from "./api";
import { EventDialog } from "./event-dialog";
import { Followers } from "./followers";
import { MOST_ROWS, onTop, who } from "./rules";

export function EventsPage() {
  const [isPaused, setPaused] = useState(false);
  const [pattern, setPattern] = useState("");
  const [subject, setSubject] = useState("");
  const [opened, setOpened] = useState<number | null>(null);
  const isWrong = pattern !== "" && !isPattern(pattern);
  const filter = useMemo(() => ({ pattern: isWrong ? "" : pattern, subject }), [isWrong, pattern, subject]);
  return (
    <Page
      wide
      title="Events"
      about="Everything that happens in this workspace, in its order, and who follows it."
      actions={
        <Button aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? <Play aria-hidden className="size-4" /> : <Pause aria-hidden className="size-4" />}
          {isPaused ? "Go on" : "Pause"}
        </Button>
      }
    >
      <div className="flex flex-col gap-8">
        <section aria-label="Log">
          <div className="mb-3 grid gap-3 sm:grid-cols-2">
            <PatternField pattern={pattern} change={setPattern} isWrong={isWrong} />
            <Field label="About">
              {(field) => (
                <Input
                  spellCheck={false}
                  maxLength={100}
                  placeholder="conversation:…"
                  className="font-mono text-xs"
                  value={subject}
                  onChange={(event) => setSubject(event.target.value.replace(/[^!-~]/g, ""))}
                  {...field}
                />
              )}
            </Field>
          </div>
          <Log key={JSON.stringify(filter)} filter={filter} isPaused={isPaused} open={setOpened} show={setSubject} />
        </section>
        <Followers look={setOpened} />
      </div>
      {opened !== null && <EventDialog seq={opened} go={setOpened} close={() => setOpened(null)} />}
    </Page>
  );
}

interface PatternFieldProps {
  pattern: string;
  change: (pattern: string) => void;
  isWrong: boolean;
}

function PatternField({ pattern, change, isWrong }: PatternFieldProps) {
  const kinds = useEventTypes().map((one) => one.kind);
  return (
    <Field label="Kind" error={isWrong ? "Not a pattern: small words between dots, or * or **." : undefined}>
      {(field) => (
        <>
          <Input
            spellCheck={false}
            list="kinds of events"
            maxLength={100}
            placeholder="conversation.*"
            className="font-mono text-xs"
            value={pattern}
            onChange={(event) => change(event.target.value.trim())}
            {...field}
          />
          <datalist id="kinds of events">
            {[...suggestions(kinds), ...kinds].map((word) => (
              <option key={word} value={word} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

interface LogProps {
  filter: Filter;
  isPaused: boolean;
  open: (seq: number) => void;
  show: (subject: string) => void;
}

function Log({ filter, isPaused, open, show }: LogProps) {
  const past = useInfiniteQuery(pastQuery(filter));
  const head = past.data?.pages[0]?.head;
  const items = past.data?.pages.flatMap((page) => page.items) ?? [];
  if (past.isPending)
    return (
      <Later>
        <Bone className="h-64 rounded-lg" />
      </Later>
    );
  if (past.isError) return <Failed error={past.error} retry={() => void past.refetch()} />;
  return (
    <>
      <Rows filter={filter} head={head ?? 0} past={items} isPaused={isPaused} open={open} show={show} />
      {past.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button size="sm" busy={past.isFetchingNextPage} onClick={() => void past.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      )}
    </>
  );
}

interface RowsProps extends LogProps {
  head: number;
  past: LoggedEvent[];
}

/** What is new is asked for from the last place that was answered on, so that each answer is short. */
function Rows({ filter, head, past, isPaused, open, show }: RowsProps) {
  const [fresh, setFresh] = useState<LoggedEvent[]>([]);
  const [after, setAfter] = useState(head);
  const [hasGap, setGap] = useState(false);
  const query = useQuery({ ...newQuery(filter, after, !isPaused), placeholderData: keepPreviousData });
  const page = query.isPlaceholderData ? undefined : query.data;
  if (page && page.head > after) {
    setFresh(onTop(page.items, fresh));
    setAfter(page.head);
    if (page.next !== null || page.items.length + fresh.length > MOST_ROWS) setGap(true);
  }
  const all = [...fresh, ...past];
  if (all.length === 0)
    return (
      <p className="rounded-lg border border-line bg-raised px-3 py-4 text-sm text-text-3">
        Nothing like this has happened lately.
      </p>
    );
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label="Log, table"
      className="max-h-[60vh] overflow-auto rounded-lg border border-line bg-raised"
    >
      <table className="w-full border-collapse text-sm">
        <thead className="sticky top-0 bg-raised">
          <tr>
            {["Place", "Event", "By", "About", "When"].map((word) => (
              <th key={word} scope="col" className="px-3 py-2 text-left text-2xs font-medium text-text-3">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <Row key={one.seq} event={one} open={open} show={show} />
          ))}
        </tbody>
      </table>
      {hasGap && (
        <p role="status" className="sticky bottom-0 border-t border-line bg-amber-soft px-3 py-1.5 text-xs text-amber">
          More happened than is shown here. A filter shows less at a time, and opening the page anew shows the newest.
        </p>
      )}
    </div>
  );
}

function Row({ event, open, show }: { event: LoggedEvent } & Pick<LogProps, "open" | "show">) {
  return (
    <tr className="border-t border-line hover:bg-hover">
      <td className="nums h-8 px-3 text-text-3">{event.seq}</td>
      <td className="px-3 whitespace-nowrap">
        <button
          type="button"
          onClick={() => open(event.seq)}
          className={cx("rounded font-mono text-xs hover:underline", event.payload === null && "text-text-3")}
        >
          {event.kind}
        </button>
        {event.cause && (
          <button
            type="button"
            onClick={() => event.cause && open(event.cause.seq)}
            className="nums ml-2 rounded text-2xs text-accent-text hover:underline"
          >
            because of {event.cause.seq}
          </button>
        )}
      </td>
      <td className="px-3 whitespace-nowrap text-text-2" title={event.caller}>
        {who(event.caller)}
      </td>
      <td className="max-w-52 px-3">
        <button
          type="button"
          title={`Only what is about ${event.subject}`}
          onClick={() => show(event.subject)}
          className="block w-full truncate rounded text-left font-mono text-2xs text-text-2 hover:underline"
        >
          {event.subject}
        </button>
      </td>
      <td className="nums px-3 whitespace-nowrap text-text-3" title={fullTime(event.at)}>
        {clockTime(event.at)}
      </td>
    </tr>
  );
}
