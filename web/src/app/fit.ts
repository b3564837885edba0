// How well a command fits what was typed, from 0 (not at all) to 1.

export function fit(search: string, texts: readonly string[]): number {
  const wanted = words(search);
  if (wanted.length === 0) return 1;
  const offered = texts.flatMap(words);
  let sum = 0;
  for (const word of wanted) {
    const best = Math.max(
      0,
      ...offered.map((one) =>
        one === word ? 1 : one.startsWith(word) ? 0.8 : word.length > 2 && one.includes(word) ? 0.4 : 0,
      ),
    );
    if (best === 0) return 0;
    sum += best;
  }
  return sum / wanted.length;
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .split(/[^\p{L}\p{N}#@.]+/u)
    .filter(Boolean);
}
