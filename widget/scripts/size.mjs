// The widget's weight is a test: one line of figures, and a failure above the budget.
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const TARGET = { gzip: 16_000 };
const LIMIT = { raw: 60_000, gzip: 20_000, brotli: 18_000 };

const file = new URL("../../appliance/web/static/widget/widget.js", import.meta.url);
const code = readFileSync(file);
const size = {
  raw: code.length,
  gzip: gzipSync(code, { level: 9 }).length,
  brotli: brotliCompressSync(code).length,
};
console.log(`widget.js ${size.raw} B raw, ${size.gzip} B gzip, ${size.brotli} B brotli`);

const over = Object.keys(LIMIT).filter((kind) => size[kind] > LIMIT[kind]);
if (size.gzip > TARGET.gzip) console.warn(`Above the target of ${TARGET.gzip} B gzip.`);
if (/[\x80-\xff]/.test(code.toString("latin1"))) over.push("ascii");
if (over.length > 0) {
  console.error(
    `Over budget: ${over.map((kind) => `${kind} <= ${LIMIT[kind] ?? "7 bit"}`).join(", ")}`,
  );
  process.exit(1);
}
