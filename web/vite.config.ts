// Builds and serves the agents' app. The widget has its own config and writes beside it into dist/.
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.SWITCHBOARD_URL ?? "http://127.0.0.1:8080";
const proxy = {
  "/api": { target: server },
  "/ws": { target: server, ws: true },
};

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { port: 5173, host: "127.0.0.1", proxy },
  preview: { port: 4173, host: "127.0.0.1", proxy },
  build: {
    outDir: "dist",
    // dist/ also holds the widget; the build script clears our own part.
    emptyOutDir: false,
    chunkSizeWarningLimit: 900,
  },
});
