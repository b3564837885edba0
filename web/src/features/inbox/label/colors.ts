// The shades of the colours that a label may have, in light and dark.
import type { CSSProperties } from "react";
import type { Label, LabelColor } from "@/contract";

/** Hue, and how much of it. */
const shades: Record<LabelColor, [number, number]> = {
  gray: [285, 0.1],
  red: [25, 1],
  orange: [50, 1],
  amber: [85, 1],
  green: [150, 1],
  teal: [195, 0.8],
  blue: [250, 1],
  violet: [295, 1],
  pink: [350, 1],
};

export const colors = Object.keys(shades) as LabelColor[];

export const colorNames: Record<LabelColor, string> = {
  gray: "Grey",
  red: "Red",
  orange: "Orange",
  amber: "Amber",
  green: "Green",
  teal: "Teal",
  blue: "Blue",
  violet: "Violet",
  pink: "Pink",
};

export function dotStyle(color: LabelColor): CSSProperties {
  const [hue, much] = shades[color];
  return { background: `light-dark(oklch(0.64 ${0.17 * much} ${hue}), oklch(0.7 ${0.15 * much} ${hue}))` };
}

export function chipStyle(color: LabelColor): CSSProperties {
  const [hue, much] = shades[color];
  return {
    background: `light-dark(oklch(0.95 ${0.04 * much} ${hue}), oklch(0.3 ${0.05 * much} ${hue}))`,
    color: `light-dark(oklch(0.4 ${0.1 * much} ${hue}), oklch(0.9 ${0.06 * much} ${hue}))`,
  };
}

/** The colour that is used least, so that new labels differ. */
export function nextColor(labels: readonly Label[]): LabelColor {
  const uses = (color: LabelColor): number => labels.filter((one) => one.color === color).length;
  return colors.slice(1).reduce((best, color) => (uses(color) < uses(best) ? color : best));
}
