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
    // React alone has 220 kB; the editor has 365 and comes when the page is idle.
    chunkSizeWarningLimit: 400,
    rolldownOptions: {
      output: {
        // What we do not write changes seldom, so it stays in browsers when a new version of the app comes.
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            {
              name: "tanstack",
              test: /@tanstack\/(history|query-core|react-query|react-router|router-core|react-store|store)\//,
            },
          ],
        },
      },
    },
  },
});
