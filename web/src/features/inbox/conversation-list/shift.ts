// Rows come and go above what somebody is looking at. By how many rows has it moved?

const LOOKED_AT = 5;

/** The most common move of the rows in view; a row that jumped to the top by itself does not count. */
export function shiftOf(before: readonly string[], after: readonly string[], first: number): number {
  const moves = new Map<number, number>();
  for (let index = first; index < Math.min(before.length, first + LOOKED_AT); index += 1) {
    const now = after.indexOf(before[index]!);
    if (now >= 0) moves.set(now - index, (moves.get(now - index) ?? 0) + 1);
  }
  return [...moves].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}
