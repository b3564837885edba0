// Who follows the log: how far each is, what it could not take, and what may be done about it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { DeadLetter, Follower } from "@/contract";
import { useMay } from "@/shared/session/session";
import { rowTime, useNow } from "@/shared/time";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Bone, Failed, Later } from "@/shared/ui/states";
import { toast, toastProblem } from "@/shared/ui/toast";
import { ReplayDialog } from "../replay-dialog";
import { StateWord } from "../state-word";
import {
  deadQuery,
  followersQuery,
  keys,
  pauseFollower,
  replayFollower,
  resumeFollower,
  retryDead,
  skipDead,
} from "./api";
import { lag, progress, stateOf } from "./rules";

export function Followers({ look }: { look: (seq: number) => void }) {
  const query = useQuery(followersQuery);
  const [dead, setDead] = useState<string | null>(null);
  const [replaying, setReplaying] = useState<string | null>(null);
  const all = query.data?.items ?? [];
  return (
    <section aria-label="Followers">
      <h2 className="mb-2 text-base font-semibold">
        Followers <span className="nums font-normal text-text-3">{all.length}</span>
      </h2>
      {query.isPending && (
        <Later>
          <Bone className="h-20 rounded-lg" />
        </Later>
      )}
      {query.isError && !query.data && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && (
        <ul aria-label="Followers" className="divide-y divide-line rounded-lg border border-line bg-raised">
          {all.map((one) => (
            <Row key={one.name} follower={one} openDead={setDead} askReplay={setReplaying} />
          ))}
        </ul>
      )}
      {dead !== null && <DeadDialog name={dead} look={look} close={() => setDead(null)} />}
      {replaying !== null && (
        <ReplayDialog
          title={`Let ${replaying} hear the log again`}
          description="It goes back and takes everything once more, up to where it is now."
          action="Replay"
          close={() => setReplaying(null)}
          run={async (since) => {
            await replayFollower(replaying, since);
            return "It has gone back, and its progress is shown in the list.";
          }}
        />
      )}
    </section>
  );
}

interface RowProps {
  follower: Follower;
  openDead: (name: string) => void;
  askReplay: (name: string) => void;
}

function Row({ follower, openDead, askReplay }: RowProps) {
  const now = useNow();
  const cache = useQueryClient();
  const mayManage = useMay("events.manage");
  const isPaused = follower.state === "paused";
  const toggle = (): void => {
    const change = isPaused ? resumeFollower : pauseFollower;
    change(follower.name)
      .catch((error: unknown) => toastProblem(error, "It was not changed."))
      .finally(() => void cache.invalidateQueries({ queryKey: keys.followers }));
  };
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3 text-sm">
      <span className="min-w-40 flex-1">
        <span className="flex items-center gap-3">
          <span className="font-medium">{follower.name}</span>
          <StateWord {...stateOf(follower)} />
        </span>
        <span className="nums block text-xs text-text-3">
          {lag(follower, now)}; at {follower.seq} of {follower.head}
        </span>
        {follower.last_error && <span className="block text-xs text-red">{follower.last_error}</span>}
      </span>
      {follower.replay && <Progress replay={follower.replay} />}
      <span className="flex flex-wrap gap-2">
        {follower.dead > 0 && (
          <Button size="sm" look="danger-quiet" onClick={() => openDead(follower.name)}>
            {follower.dead} put aside
          </Button>
        )}
        {mayManage && (
          <>
            <Button size="sm" aria-label={`${isPaused ? "Resume" : "Pause"} ${follower.name}`} onClick={toggle}>
              {isPaused ? "Resume" : "Pause"}
            </Button>
            <Button size="sm" aria-label={`Replay ${follower.name}`} onClick={() => askReplay(follower.name)}>
              Replay
            </Button>
          </>
        )}
      </span>
    </li>
  );
}

function Progress({ replay }: { replay: NonNullable<Follower["replay"]> }) {
  const done = progress(replay);
  return (
    <span className="w-40">
      <span className="nums block text-xs text-text-3">
        heard {replay.done} of {replay.to - replay.from + 1}
      </span>
      <span
        role="progressbar"
        aria-label="Replay"
        aria-valuenow={Math.round(done * 100)}
        className="mt-1 block h-1.5 overflow-hidden rounded-full bg-pressed"
      >
        <span
          className="block h-full origin-left rounded-full bg-accent transition-transform duration-150"
          style={{ transform: `scaleX(${done})` }}
        />
      </span>
    </span>
  );
}

function DeadDialog({ name, look, close }: { name: string; look: (seq: number) => void; close: () => void }) {
  const query = useQuery(deadQuery(name));
  const letters = query.data?.items ?? [];
  return (
    <Dialog wide open onOpenChange={close} title={`What ${name} could not take`}>
      {query.isPending && <Bone className="h-24 rounded-lg" />}
      {query.isError && !query.data && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && letters.length === 0 && <p className="text-sm text-text-3">Nothing is left.</p>}
      <ul className="divide-y divide-line">
        {letters.map((letter) => (
          <Letter key={letter.seq} name={name} letter={letter} look={look} />
        ))}
      </ul>
    </Dialog>
  );
}

function Letter({ name, letter, look }: { name: string; letter: DeadLetter; look: (seq: number) => void }) {
  const now = useNow();
  const cache = useQueryClient();
  const mayManage = useMay("events.manage");
  const attempt = (what: Promise<unknown>, done: string): void =>
    void what
      .then(
        () => toast(done),
        (error: unknown) => toastProblem(error),
      )
      .finally(() => void cache.invalidateQueries({ queryKey: keys.dead(name) }));
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 py-2.5 text-sm">
      <span className="min-w-0 flex-1">
        <button type="button" onClick={() => look(letter.seq)} className="rounded font-mono text-xs hover:underline">
          <span className="nums text-text-3">{letter.seq}</span> {letter.kind}
        </button>
        <span className="block text-xs text-red">{letter.reason}</span>
        <span className="nums block text-xs text-text-3">
          {letter.attempts} attempts, {rowTime(letter.failed_at, now)}
          {letter.is_wanted && "; it will be tried once more"}
        </span>
      </span>
      {mayManage && (
        <span className="flex gap-2">
          <Button
            size="sm"
            disabled={letter.is_wanted}
            onClick={() => attempt(retryDead(name, letter.seq), "It is tried once more")}
          >
            Try again
          </Button>
          <Button
            size="sm"
            look="danger-quiet"
            onClick={() => attempt(skipDead(name, letter.seq), `Event ${letter.seq} is skipped`)}
          >
            Skip
          </Button>
        </span>
      )}
    </li>
  );
}
