import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { earlyScheme } from "./dev/early-scheme.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where `npm run dev` finds a running appliance. */
const appliance = process.env.APPLIANCE_URL ?? "http://127.0.0.1:5000";

export default defineConfig({
  root: here("."),
  base: "/",
  plugins: [react(), earlyScheme()],
  server: {
    proxy: Object.fromEntries(
      ["/v1", "/widget.js", "/demo", "/docs", "/desktop"].map((path) => [
        path,
        // The appliance lets only its own pages write.
        { target: appliance, changeOrigin: true, headers: { Origin: appliance } },
      ]),
    ),
  },
  build: {
    target: ["es2022", "safari16.4"],
    outDir: here("../appliance/web/static/console"),
    emptyOutDir: true,
    assetsInlineLimit: 0, // `img-src 'self' data:` allows data URLs, but files cache better
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "happy-dom",
    setupFiles: [here("./src/testing/setup.ts")],
    restoreMocks: true,
    unstubGlobals: true,
    isolate: false, // a browser of its own for each file costs more than all the tests
  },
});
