// Patterns over kinds of events, as the server reads them: `*` is one word, `**` any number; with `!` one takes away.

const word = /^([a-z0-9_-]+|\*\*?)$/;

export function isPattern(pattern: string): boolean {
  const words = pattern.replace(/^!/, "").split(".");
  return pattern.length <= 100 && words.length <= 8 && words.every((one) => word.test(one));
}

/** Whether one of these patterns matches a kind, and none with `!` does. */
export function matches(patterns: readonly string[], kind: string): boolean {
  const words = kind.split(".");
  const hits = (pattern: string): boolean => isPattern(pattern) && fits(pattern.replace(/^!/, "").split("."), words);
  const takes = patterns.filter((one) => one.startsWith("!"));
  const gives = patterns.filter((one) => !one.startsWith("!"));
  return gives.some(hits) && !takes.some(hits);
}

function fits(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === "**") return words.some((_, n) => fits(rest, words.slice(n))) || fits(rest, []);
  return words.length > 0 && (first === "*" || first === words[0]) && fits(rest, words.slice(1));
}

/** What somebody has typed, as patterns: between commas, blanks or lines. */
export function patternsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** What can be asked for at once: everything of one noun, for each noun there is. */
export function suggestions(kinds: readonly string[]): string[] {
  const nouns = new Set(kinds.map((kind) => `${kind.split(".")[0]}.*`));
  return ["**", ...[...nouns].sort()];
}
