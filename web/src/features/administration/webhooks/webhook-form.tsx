// A webhook's name, address and events; for a new one and for one that is there.
import { type FormEvent, useState } from "react";
import type { Webhook } from "@/contract";
import { hasCode, sayProblem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Field, Input } from "@/shared/ui/field";
import { isPattern, patternsOf } from "../pattern";
import { PatternBox } from "./pattern-box";
import { wrongAddress } from "./rules";

export interface Draft {
  name: string;
  url: string;
  patterns: string[];
}

interface Props {
  begin?: Webhook;
  /** Fails with what is wrong. */
  save: (draft: Draft) => Promise<unknown>;
  action: string;
}

export function WebhookForm({ begin, save, action }: Props) {
  const [name, setName] = useState(begin?.name ?? "");
  const [url, setUrl] = useState(begin?.url ?? "");
  const [text, setText] = useState(begin?.patterns.join(" ") ?? "");
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const patterns = patternsOf(text);
  const isReady =
    name.trim() !== "" && url !== "" && !wrongAddress(url) && patterns.length > 0 && patterns.every(isPattern);
  const isRefused = hasCode(problem, "address_refused");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isReady || isBusy) return;
    setBusy(true);
    setProblem(null);
    save({ name: name.trim(), url, patterns })
      .catch(setProblem)
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name">
        {(field) => (
          <Input
            autoFocus
            value={name}
            maxLength={80}
            placeholder="Shop system"
            onChange={(event) => setName(event.target.value)}
            {...field}
          />
        )}
      </Field>
      <Field
        label="Address"
        hint="Gets a signed POST for each event. Addresses inside your own network are refused."
        error={isRefused ? sayProblem(problem) : wrongAddress(url.trim())}
      >
        {(field) => (
          <Input
            type="text"
            inputMode="url"
            value={url}
            maxLength={2000}
            placeholder="https://example.com/switchboard"
            onChange={(event) => setUrl(event.target.value.trim())}
            {...field}
          />
        )}
      </Field>
      <PatternBox text={text} change={setText} />
      {problem != null && !isRefused && (
        <p role="alert" className="text-xs text-red">
          {sayProblem(problem)}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={!isReady} busy={isBusy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
