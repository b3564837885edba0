// Finds the addresses in a text, so that they can be opened. Everything else stays text.

export type Piece = { text: string; href: string | null };

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/gi;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const href = trimmed(match[0]);
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), href: null });
    pieces.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}

/** A full stop after an address belongs to the sentence, and so does a bracket that was opened before it. */
function trimmed(address: string): string {
  const bare = address.replace(/[.,;:!?]+$/, "");
  const closes = bare.endsWith(")") && !bare.includes("(");
  return closes ? trimmed(bare.slice(0, -1)) : bare;
}
