// Small choices of one person on one device: widths, folded rails, drafts.
import { useCallback, useState } from "react";

export function recall<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`switchboard.${key}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(`switchboard.${key}`);
    else localStorage.setItem(`switchboard.${key}`, JSON.stringify(value));
  } catch {
    // A full or forbidden storage only costs the memory of a choice.
  }
}

export function useRemembered<T>(key: string, otherwise: T): [T, (value: T) => void] {
  const [value, setValue] = useState(() => recall(key, otherwise));
  const change = useCallback(
    (next: T) => {
      setValue(next);
      remember(key, next);
    },
    [key],
  );
  return [value, change];
}
