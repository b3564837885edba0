// The one thing that the app's shared modules take from React, in Preact.
import { useEffect, useState } from "preact/hooks";

export function useSyncExternalStore<T>(subscribe: (listener: () => void) => () => void, get: () => T): T {
  const [, setSeen] = useState<T>(get);
  useEffect(() => {
    const look = () => setSeen(get);
    look();
    return subscribe(look);
  }, [subscribe, get]);
  return get();
}
