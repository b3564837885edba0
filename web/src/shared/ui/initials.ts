// How a person is drawn when there is no picture.

export function initials(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N}\s]/gu, " ")
    .split(/\s+/)
    .filter(Boolean);
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  if (!first) return "?";
  return (Array.from(first)[0]! + (last ? Array.from(last)[0]! : "")).toLocaleUpperCase();
}

/** A hue that stays with the person, from whatever names them. */
export function hueOf(seed: string): number {
  let hash = 7;
  for (const char of seed) hash = (hash * 31 + char.codePointAt(0)!) >>> 0;
  return (hash % 24) * 15;
}
