// Which events a webhook wants: patterns, what they match at once, and suggestions to begin with.
import { Field, TextArea } from "@/shared/ui/field";
import { cx } from "@/shared/ui/cx";
import { useEventTypes } from "../catalogue";
import { isPattern, matches, patternsOf, suggestions } from "../pattern";

export function PatternBox({ text, change }: { text: string; change: (text: string) => void }) {
  const kinds = useEventTypes().map((one) => one.kind);
  const patterns = patternsOf(text);
  const wrong = patterns.find((one) => !isPattern(one));
  const toggle = (pattern: string): void => {
    const next = patterns.includes(pattern) ? patterns.filter((one) => one !== pattern) : [...patterns, pattern];
    change(next.join(" "));
  };
  return (
    <div className="flex flex-col gap-2.5">
      <Field
        label="Events"
        hint="Patterns such as message.* or **; with ! before it, one takes away."
        error={wrong && `“${wrong}” is not a pattern: small words between dots, or * or ** for a whole word.`}
      >
        {(field) => (
          <TextArea
            value={text}
            spellCheck={false}
            className="min-h-14 font-mono text-xs"
            onChange={(event) => change(event.target.value)}
            {...field}
          />
        )}
      </Field>
      {kinds.length > 0 && (
        <div role="group" aria-label="Suggestions" className="flex flex-wrap gap-1.5">
          {suggestions(kinds).map((pattern) => (
            <button
              key={pattern}
              type="button"
              aria-pressed={patterns.includes(pattern)}
              onClick={() => toggle(pattern)}
              className={cx(
                "h-6 rounded-full border px-2 font-mono text-2xs",
                patterns.includes(pattern)
                  ? "border-accent bg-accent-soft text-accent-text"
                  : "border-line-strong text-text-2 hover:bg-hover",
              )}
            >
              {pattern}
            </button>
          ))}
        </div>
      )}
      {kinds.length > 0 && <Preview kinds={kinds.filter((kind) => matches(patterns, kind))} n={kinds.length} />}
    </div>
  );
}

function Preview({ kinds, n }: { kinds: string[]; n: number }) {
  return (
    <div aria-live="polite" className="rounded-md bg-canvas px-3 py-2 text-xs text-text-2">
      <p className="font-medium">
        {kinds.length === 0 ? "Nothing matches yet." : `Matches ${kinds.length} of ${n} kinds`}
      </p>
      {kinds.length > 0 && (
        <p
          tabIndex={0}
          role="group"
          aria-label="Kinds that match"
          className="mt-1 max-h-20 overflow-y-auto font-mono text-2xs"
        >
          {kinds.join(", ")}
        </p>
      )}
    </div>
  );
}
