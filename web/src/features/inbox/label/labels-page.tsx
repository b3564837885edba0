// The labels of this team: made, renamed, recoloured and deleted.
import { useQuery } from "@tanstack/react-query";
import { Plus, Tag, Trash2 } from "lucide-react";
import { type FocusEvent, type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import type { Label, LabelColor } from "@/contract";
import { sayProblem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { control } from "@/shared/ui/field";
import { IconButton } from "@/shared/ui/icon-button";
import { Page } from "@/shared/ui/pane";
import { Bone, Empty, Failed, Later } from "@/shared/ui/states";
import { cx } from "@/shared/ui/cx";
import { labelsQuery } from "./api";
import { LabelChip } from "./chip";
import { ColorMenu } from "./color-menu";
import { nextColor } from "./colors";
import { type LabelWrites, useLabelWrites } from "./use-label-writes";

const LONGEST = 40;

export function LabelsPage() {
  const query = useQuery(labelsQuery);
  const writes = useLabelWrites();
  const [isMaking, setMaking] = useState(false);
  const labels = query.data ?? [];
  const begin = (
    <Button look="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden className="size-4" /> New label
    </Button>
  );
  return (
    <Page
      title="Labels"
      about="Words that your team puts on conversations, to find them again. Customers never see them."
      actions={labels.length > 0 && !isMaking && begin}
    >
      {query.isPending && (
        <Later>
          <Bone className="h-48 rounded-lg" />
        </Later>
      )}
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data && labels.length === 0 && !isMaking && <NoLabels action={begin} />}
      {(labels.length > 0 || isMaking) && (
        <ul aria-label="Labels" className="divide-y divide-line rounded-lg border border-line bg-raised">
          {isMaking && <NewRow labels={labels} writes={writes} done={() => setMaking(false)} />}
          {labels.map((label) => (
            <Row key={label.id} label={label} writes={writes} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function NoLabels({ action }: { action: ReactNode }) {
  const examples: [string, LabelColor][] = [
    ["Billing", "blue"],
    ["Return", "orange"],
    ["Wholesale", "green"],
  ];
  const at = "2026-01-01T00:00:00Z";
  return (
    <div className="rounded-xl border border-line bg-canvas py-4">
      <Empty
        picture={
          <span aria-hidden className="flex gap-1.5">
            {examples.map(([name, color]) => (
              <LabelChip key={name} label={{ id: name, name, color, created_at: at }} />
            ))}
          </span>
        }
        title="No labels yet"
        action={action}
      >
        A label says what a conversation is about. Put it on with <kbd className="font-medium">L</kbd>, and find all
        that have it with one click.
      </Empty>
    </div>
  );
}

function NewRow({ labels, writes, done }: { labels: Label[]; writes: LabelWrites; done: () => void }) {
  const [color, setColor] = useState(() => nextColor(labels));
  return (
    <li className="flex items-start gap-2 px-3 py-2">
      <ColorMenu color={color} name="the new label" choose={setColor} />
      <NameBox
        begin=""
        label="Name of the new label"
        save={(name) => writes.create({ name, color })}
        done={done}
        leave={done}
      />
    </li>
  );
}

function Row({ label, writes }: { label: Label; writes: LabelWrites }) {
  const [isNaming, setNaming] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const stop = (): void => setNaming(false);
  return (
    <li className="flex items-start gap-2 px-3 py-2">
      <ColorMenu color={label.color} name={label.name} choose={(color) => writes.recolor(label, color)} />
      {isNaming ? (
        <NameBox
          begin={label.name}
          label={`Name of ${label.name}`}
          save={(name) => writes.rename(label, name)}
          done={stop}
          leave={stop}
        />
      ) : (
        <button
          type="button"
          title="Rename"
          aria-label={`Rename ${label.name}`}
          onClick={() => setNaming(true)}
          className="h-8 min-w-0 flex-1 truncate rounded-md px-2 text-left text-sm font-medium hover:bg-hover"
        >
          {label.name}
        </button>
      )}
      <IconButton
        label={`Delete ${label.name}`}
        icon={<Trash2 />}
        onClick={() => setAsking(true)}
        className="text-text-3"
      />
      <Dialog
        open={isAsking}
        onOpenChange={setAsking}
        title={`Delete “${label.name}”?`}
        description="It is taken off every conversation that has it. This cannot be undone."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button
              look="danger"
              onClick={() => {
                setAsking(false);
                void writes.remove(label);
              }}
            >
              Delete it
            </Button>
          </>
        }
      />
    </li>
  );
}

interface NameBoxProps {
  begin: string;
  label: string;
  /** Fails with what is wrong with the name. */
  save: (name: string) => Promise<void>;
  done: () => void;
  leave: () => void;
}

/** Enter keeps the name, Escape what was there; so does leaving the box without a change. */
function NameBox({ begin, label, save, done, leave }: NameBoxProps) {
  const [name, setName] = useState(begin);
  const [problem, setProblem] = useState<unknown>(null);
  const isSaving = useRef(false);
  const keep = (): void => {
    const wanted = name.trim();
    if (isSaving.current) return;
    if (wanted === "" || wanted === begin) return leave();
    isSaving.current = true;
    save(wanted)
      .then(done, setProblem)
      .finally(() => (isSaving.current = false));
  };
  const blur = (event: FocusEvent): void => {
    // The colour of the same row may still be chosen.
    if (!problem && !event.currentTarget.closest("li")?.contains(event.relatedTarget)) keep();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Escape") leave();
    if (event.key !== "Enter") return;
    event.preventDefault();
    keep();
  };
  return (
    <span className="flex min-w-0 flex-1 flex-col gap-1">
      <span className="relative flex items-center">
        <Tag aria-hidden className="pointer-events-none absolute left-2 size-3.5 text-text-3" />
        <input
          autoFocus
          value={name}
          maxLength={LONGEST}
          placeholder="Billing"
          aria-label={label}
          aria-invalid={problem ? true : undefined}
          onChange={(event) => {
            setName(event.target.value);
            setProblem(null);
          }}
          onKeyDown={press}
          onBlur={blur}
          className={cx(control, "h-8 pl-7.5")}
        />
      </span>
      {problem != null && (
        <span role="alert" className="text-xs text-red">
          {sayProblem(problem)}
        </span>
      )}
    </span>
  );
}
