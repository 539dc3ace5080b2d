import { defineConfig, type Plugin } from "vite";
import manifest from "./package.json" with { type: "json" };

/**
 * A host page without a charset reads a script as latin-1. Nothing above ASCII leaves the build,
 * so the widget's words come out right on any page.
 */
const asciiOnly: Plugin = {
  name: "ascii-only",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      file.code = file.code.replace(
        /[\u0080-\uffff]/g,
        (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
    }
  },
};

/** Answers here have no formulas: `markdown.ts` keeps them from starting, so their parser stays out. */
const withoutFormulas: Plugin = {
  name: "without-formulas",
  transform(code, id) {
    if (!id.endsWith("/streaming-markdown/smd.js")) return null;
    const parts: [from: string, to: string][] = [
      ["case MAYBE_EQ_BLOCK:", "/* Raw URLs */"],
      ["/* $eq$ | $$eq$$ */", "/* [Image](url) */"],
    ];
    return parts.reduce((rest, [from, to]) => {
      const [start, end] = [rest.indexOf(from), rest.indexOf(to)];
      if (start < 0 || end < start) throw new Error(`streaming-markdown has no ${from} any more.`);
      return rest.slice(0, start) + rest.slice(end);
    }, code);
  },
};

const BANNER = `/*! Inhouse chat widget ${manifest.version}, Apache-2.0. Contains streaming-markdown 0.2.15, Copyright 2024 Damian Tarnawski, MIT. */`;

export default defineConfig({
  define: { __VERSION__: JSON.stringify(manifest.version) },
  plugins: [asciiOnly, withoutFormulas],
  build: {
    target: "es2020",
    // Old enough for any office, new enough for `inset` and borders that follow the reading direction.
    cssTarget: ["chrome99", "firefox101", "safari15.4"],
    outDir: "../appliance/web/static/widget",
    emptyOutDir: true,
    reportCompressedSize: false,
    lib: {
      entry: "src/main.ts",
      name: "InhouseWidget",
      formats: ["iife"],
      fileName: () => "widget.js",
    },
    rolldownOptions: {
      // The parser's assertions would print into the customer's console.
      treeshake: { manualPureFunctions: ["console.assert"] },
      output: { postBanner: BANNER },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0] & { test: object });
