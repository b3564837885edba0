// Light, dark or as the system says; roomy or compact. public/theme.js applies the same before the first paint.
import { createStore, useStore } from "./store";

export type Theme = "system" | "light" | "dark";
export type Density = "comfortable" | "compact";

interface Appearance {
  theme: Theme;
  density: Density;
}

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const stored = read("switchboard.theme");
const appearance = createStore<Appearance>({
  theme: stored === "light" || stored === "dark" ? stored : "system",
  density: read("switchboard.density") === "compact" ? "compact" : "comfortable",
});

export function useAppearance(): Appearance {
  return useStore(appearance);
}

export function changeAppearance(change: Partial<Appearance>): void {
  appearance.set((before) => ({ ...before, ...change }));
  const { theme, density } = appearance.get();
  try {
    localStorage.setItem("switchboard.theme", theme);
    localStorage.setItem("switchboard.density", density);
  } catch {
    // Then it holds for this visit.
  }
  apply();
}

export function followSystemTheme(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
  apply();
}

function apply(): void {
  const { theme, density } = appearance.get();
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? "dark" : "light";
  root.dataset.density = density;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", dark ? "#131317" : "#f6f6f8");
}
