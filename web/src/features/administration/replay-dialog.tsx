// Sending the past: since a time, since a place in the log, or all of it.
import { type FormEvent, useState } from "react";
import { sayProblem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Field, Input } from "@/shared/ui/field";

export interface Since {
  seq?: number;
  since?: string;
}

interface Props {
  title: string;
  description: string;
  action: string;
  close: () => void;
  /** Does it, and says what came of it. */
  run: (since: Since) => Promise<string>;
}

export function ReplayDialog({ title, description, action, close, run }: Props) {
  const [at, setAt] = useState("");
  const [place, setPlace] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [done, setDone] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    const since: Since = place ? { seq: Number(place) } : at ? { since: new Date(at).toISOString() } : {};
    run(since)
      .then(setDone, setProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog open onOpenChange={close} title={title} description={description}>
      {done !== null ? (
        <div className="flex items-center justify-between gap-4">
          <p role="status" className="text-sm">
            {done}
          </p>
          <Button autoFocus onClick={close}>
            Close
          </Button>
        </div>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Since" hint="Empty means from the beginning.">
            {(field) => (
              <Input type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} {...field} />
            )}
          </Field>
          <Field label="Or from a place in the log" error={problem != null ? sayProblem(problem) : undefined}>
            {(field) => (
              <Input
                inputMode="numeric"
                placeholder="1042"
                value={place}
                onChange={(event) => setPlace(event.target.value.replace(/\D/g, "").replace(/^0+/, "").slice(0, 15))}
                {...field}
              />
            )}
          </Field>
          <div className="flex justify-end">
            <Button type="submit" look="primary" busy={isBusy}>
              {action}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
