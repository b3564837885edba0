// Builds the customers' widget: one classic script with everything in it, beside the app in dist/.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  publicDir: here("./public"),
  resolve: {
    alias: {
      "@": here("../src"),
      // What the app's modules take from React, in Preact.
      react: here("./react.ts"),
    },
  },
  build: {
    outDir: here("../dist"),
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: here("./main.tsx"), formats: ["iife"], name: "SwitchboardWidget", fileName: () => "widget.js" },
  },
});
