// Parts that the first look does not need: their code comes while the page is idle, or when they are first opened.
import { type ComponentType, useEffect, useState } from "react";
import { toastProblem } from "./toast";

const parts: (() => Promise<unknown>)[] = [];

/** Has some code loaded as soon as the browser has nothing else to do. */
export function early<T>(load: () => Promise<T>): () => Promise<T> {
  parts.push(load);
  return load;
}

export function loadEarly(): () => void {
  const load = (): void => {
    // Whoever opens a part that could not be loaded is told then.
    for (const part of parts) part().catch(() => undefined);
  };
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(load, 1_500);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(load, { timeout: 5_000 });
  return () => cancelIdleCallback(idle);
}

/** A component that stays empty until its code is here, and says so when that does not come. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let known: ComponentType<Props> | null = null;
  const fetch = early(async () => (known ??= await load()));
  return function Lazily(props: Props) {
    const [Part, setPart] = useState(() => known);
    useEffect(() => {
      if (Part) return;
      let isHere = true;
      fetch().then(
        (part) => isHere && setPart(() => part),
        () => isHere && toastProblem(null, "This part of the page could not be loaded. Reload it when you are online."),
      );
      return () => void (isHere = false);
    }, [Part]);
    return Part && <Part {...props} />;
  };
}
