// Fails the build when the console's first load grows over its budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const SHELL_LIMIT = 350_000; // bytes, gzip -9, everything the first screen loads
const CHUNK_LIMIT = 120_000; // any one screen that is loaded later

const root = new URL("../../appliance/web/static/console/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", root), "utf8"));
const weigh = (file) => gzipSync(readFileSync(new URL(file, root)), { level: 9 }).length;

/** Everything that is fetched before the chunk can run. */
function needs(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) needs(next, seen);
  return seen;
}

function filesOf(keys) {
  const files = [...keys].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]);
  return [...new Set(files)];
}

const total = (files) => files.reduce((sum, file) => sum + weigh(file), 0);
const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const shell = filesOf(needs("index.html"));
const late = Object.keys(manifest)
  .filter((key) => manifest[key].isDynamicEntry)
  .map((key) => [key, total(filesOf(needs(key)).filter((file) => !shell.includes(file)))]);

process.stdout.write(`shell ${kilo(total(shell))} gz of ${kilo(SHELL_LIMIT)}\n`);
for (const [key, bytes] of late) process.stdout.write(`  ${key} +${kilo(bytes)}\n`);

if (total(shell) > SHELL_LIMIT || late.some(([, bytes]) => bytes > CHUNK_LIMIT)) {
  console.error("The console is over its size budget.");
  process.exit(1);
}
