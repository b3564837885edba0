// Asks which conversations to export, and how; what runs then is seen in the tray.
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import type { NewExport } from "@/contract";
import { sayProblem } from "@/shared/api/problem";
import { newKey } from "@/shared/key";
import { useMay } from "@/shared/session/session";
import { useStore } from "@/shared/store";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Field, Input, Select } from "@/shared/ui/field";
import { SwitchRow } from "@/shared/ui/switch";
import { useLabels } from "../label/api";
import { channelsQuery } from "../model/api";
import { statuses, statusNames } from "../model/words";
import { createExport } from "./api";
import { exporting } from "./asking";
import { exportOf, wishOf, wrongDays, type Wish } from "./wish";

const close = (): void => exporting.set(null);

export function ExportDialog() {
  const asked = useStore(exporting);
  const [wish, setWish] = useState(() => wishOf(asked ?? {}));
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const key = useRef(newKey());
  const change = (next: Partial<Wish>): void => {
    setWish({ ...wish, ...next });
    setProblem(null);
    // Another wish is another job.
    key.current = newKey();
  };
  const wrong = wrongDays(wish);
  const begin = (): void => {
    setBusy(true);
    createExport(exportOf(wish), key.current)
      .then(close, setProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title="Export conversations"
      description="A file with one message a line. It is made in the background; you can go on working."
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" busy={isBusy} disabled={wrong !== undefined} onClick={begin}>
            Export
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="Format">
          {(field) => (
            <Select
              {...field}
              value={wish.format}
              onChange={(event) => change({ format: event.target.value as NewExport["format"] })}
            >
              <option value="csv">A table (CSV), for spreadsheets</option>
              <option value="jsonl">JSON lines, for programs</option>
            </Select>
          )}
        </Field>
        <Which wish={wish} change={change} />
        <div className="grid grid-cols-2 gap-3">
          <Day label="Started from" day={wish.first_day} change={(first_day) => change({ first_day })} />
          <Day label="until" day={wish.last_day} error={wrong} change={(last_day) => change({ last_day })} />
        </div>
        <SwitchRow
          label="With notes"
          hint="What your team wrote for each other. Customers have never seen it."
          checked={wish.with_notes}
          onChange={(with_notes) => change({ with_notes })}
        />
        {problem != null && (
          <p role="alert" className="text-sm text-red">
            {sayProblem(problem)}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Which({ wish, change }: { wish: Wish; change: (next: Partial<Wish>) => void }) {
  const channels = useQuery({ ...channelsQuery, enabled: useMay("channels.read") }).data?.items ?? [];
  const labels = useLabels();
  return (
    <>
      <Choice label="Status" value={wish.status} choose={(status) => change({ status: status as Wish["status"] })}>
        <option value="any">Any</option>
        {statuses.map((status) => (
          <option key={status} value={status}>
            {statusNames[status]}
          </option>
        ))}
      </Choice>
      <Choice label="Channel" value={wish.channel_id} choose={(channel_id) => change({ channel_id })}>
        <option value="">All channels</option>
        {channels.map((channel) => (
          <option key={channel.id} value={channel.id}>
            {channel.name}
          </option>
        ))}
      </Choice>
      {labels.length > 0 && (
        <Choice label="Label" value={wish.label_id} choose={(label_id) => change({ label_id })}>
          <option value="">With any label or none</option>
          {labels.map((label) => (
            <option key={label.id} value={label.id}>
              {label.name}
            </option>
          ))}
        </Choice>
      )}
    </>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  choose: (value: string) => void;
  children: ReactNode;
}

function Choice({ label, value, choose, children }: ChoiceProps) {
  return (
    <Field label={label}>
      {(field) => (
        <Select {...field} value={value} onChange={(event) => choose(event.target.value)}>
          {children}
        </Select>
      )}
    </Field>
  );
}

interface DayProps {
  label: string;
  day: string;
  error?: string | undefined;
  change: (day: string) => void;
}

function Day({ label, day, error, change }: DayProps) {
  return (
    <Field label={label} {...(error ? { error } : {})}>
      {(field) => <Input {...field} type="date" value={day} onChange={(event) => change(event.target.value)} />}
    </Field>
  );
}
