// Parts that the first look does not need: their code comes while the page is idle, or when they are first opened.
import { type ComponentType, useEffect, useRef, useState } from "react";
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

interface Part<Props> {
  known: ComponentType<Props> | null;
  fetch: () => Promise<ComponentType<Props>>;
}

/** A component whose code comes early, but not at first. */
export function part<Props extends object>(load: () => Promise<ComponentType<Props>>): Part<Props> {
  let coming: Promise<ComponentType<Props>> | null = null;
  const fetch = async (): Promise<ComponentType<Props>> => {
    coming ??= load();
    try {
      return (self.known = await coming);
    } catch (error) {
      coming = null;
      throw error;
    }
  };
  const self: Part<Props> = { known: null, fetch: early(fetch) };
  return self;
}

/** The component, as soon as its code is here. When that does not come, `failed` says so, or nobody. */
export function usePart<Props>(self: Part<Props>, failed?: () => void): ComponentType<Props> | null {
  const [known, setKnown] = useState(() => self.known);
  const say = useRef(failed);
  useEffect(() => {
    if (known) return;
    let isHere = true;
    self.fetch().then(
      (component) => isHere && setKnown(() => component),
      () => isHere && say.current?.(),
    );
    return () => void (isHere = false);
  }, [known, self]);
  return known;
}

/** A component that stays empty until its code is here, and says so when that does not come. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const self = part(load);
  const failed = (): void =>
    toastProblem(null, "This part of the page could not be loaded. Reload it when you are online.");
  return function Lazily(props: Props) {
    const Known = usePart(self, failed);
    return Known && <Known {...props} />;
  };
}
