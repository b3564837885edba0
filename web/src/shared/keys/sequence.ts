// Which shortcut a key press means, given the key before it.

export type Chord = string;

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** `mod+k` for Ctrl-K and Cmd-K; a character as it was typed, so that `?` needs no `shift+`. */
export function chordOf({ key, ctrlKey, metaKey, altKey }: Pressed): Chord {
  const name = key.length === 1 ? key.toLowerCase() : key.toLowerCase().replace(/^arrow/, "");
  return `${ctrlKey || metaKey ? "mod+" : ""}${altKey ? "alt+" : ""}${name}`;
}

interface HasKeys {
  keys: string;
}

export interface Step<T> {
  found: T | null;
  /** The press may be the first half of a two-key shortcut. */
  begins: boolean;
}

export function advance<T extends HasKeys>(
  all: readonly T[],
  chord: Chord,
  before: Chord | null,
  allowed: (one: T) => boolean,
): Step<T> {
  const open = all.filter(allowed);
  const pair = before === null ? undefined : open.find((one) => one.keys === `${before} ${chord}`);
  if (pair) return { found: pair, begins: false };
  const single = open.find((one) => one.keys === chord);
  if (single) return { found: single, begins: false };
  return { found: null, begins: open.some((one) => one.keys.startsWith(`${chord} `)) };
}
