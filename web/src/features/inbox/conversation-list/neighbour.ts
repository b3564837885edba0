// Moving through a list whose rows come and go while one moves.

/** The id one step away from `at`; when `at` has left the list, the row that took its place. */
export function neighbour(
  ids: readonly string[],
  at: string | undefined,
  was: number,
  step: 1 | -1,
): string | undefined {
  if (ids.length === 0) return undefined;
  const index = at === undefined ? -1 : ids.indexOf(at);
  const clamp = (n: number): number => Math.min(ids.length - 1, Math.max(0, n));
  if (index >= 0) return ids[clamp(index + step)];
  if (at === undefined) return ids[step === 1 ? 0 : ids.length - 1];
  return ids[clamp(step === 1 ? was : was - 1)];
}
