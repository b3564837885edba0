import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";

export const control = cx(
  "w-full rounded-md border border-line-strong/80 bg-raised px-2.5 text-sm text-text transition-colors duration-100",
  "hover:border-line-strong focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/35",
  "aria-invalid:border-red-dot",
);

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  children: (props: {
    id: string;
    "aria-invalid": boolean | undefined;
    "aria-describedby": string | undefined;
  }) => ReactNode;
}

/** A label, a control, and one line below it that either helps or says what is wrong. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const line = error ?? hint;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium text-text">
        {label}
      </label>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": line ? `${id}-line` : undefined })}
      {line && (
        <p
          id={`${id}-line`}
          role={error ? "alert" : undefined}
          className={cx("text-xs", error ? "text-red" : "text-text-3")}
        >
          {line}
        </p>
      )}
    </div>
  );
}

export const Input = ({ className, ...rest }: ComponentProps<"input">) => (
  <input className={cx(control, "h-8", className)} {...rest} />
);
export const TallInput = ({ className, ...rest }: ComponentProps<"input">) => (
  <input className={cx(control, "h-10 px-3 text-base", className)} {...rest} />
);
export const TextArea = ({ className, ...rest }: ComponentProps<"textarea">) => (
  <textarea className={cx(control, "min-h-20 resize-y py-1.5", className)} {...rest} />
);
export const Select = ({ className, ...rest }: ComponentProps<"select">) => (
  <select className={cx(control, "h-8 pr-8", className)} {...rest} />
);
