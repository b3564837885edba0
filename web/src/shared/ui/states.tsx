// What a place shows while it loads, when it is empty, and when it failed.
import { CircleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { sayProblem } from "@/shared/api/problem";
import { Button } from "./button";
import { cx } from "./cx";

/** True once `waiting` has lasted 150 ms: a skeleton that only flashes is worse than none. */
export function useDelayed(waiting: boolean, ms = 150): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setLate(true), ms);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [waiting, ms]);
  return waiting && late;
}

export function Later({ children }: { children: ReactNode }) {
  return useDelayed(true) ? children : null;
}

export const Bone = ({ className }: { className?: string }) => (
  <span aria-hidden className={cx("block animate-breathe rounded bg-hover", className)} />
);

export function Empty({
  picture,
  title,
  children,
  action,
}: {
  picture?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex h-full flex-col items-center justify-center px-6 py-10 text-center">
      {picture && <div className="mb-5 text-text-3">{picture}</div>}
      <h2 className="text-base font-semibold">{title}</h2>
      {children && <div className="mt-1 max-w-sm text-sm text-balance text-text-2">{children}</div>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div role="alert" className="flex h-full flex-col items-center justify-center gap-3 px-6 py-10 text-center">
      <CircleAlert aria-hidden className="size-5 text-red" />
      <p className="max-w-sm text-sm text-balance text-text-2">{sayProblem(error)}</p>
      {retry && (
        <Button size="sm" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}
