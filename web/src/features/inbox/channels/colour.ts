// The tenant's colour: whether it is one, and which ink can be read on it.

export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/** White or near-black, whichever has the better contrast. */
export function inkOn(colour: string): "#ffffff" | "#16161d" {
  const light = luminance(isColour(colour) ? colour : "#5b5bd6");
  return 1.05 / (light + 0.05) >= (light + 0.05) / (luminance("#16161d") + 0.05) ? "#ffffff" : "#16161d";
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
