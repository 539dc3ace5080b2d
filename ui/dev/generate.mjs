// Writes src/api/generated from the appliance's own OpenAPI document.
// PYTHON names an interpreter that can import `appliance`; by default the project's own.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@hey-api/openapi-ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const own = [".venv/bin/python", ".venv/Scripts/python.exe"].map((path) => join(project, path));
const python = process.env.PYTHON ?? own.find(existsSync) ?? "python3";

const folder = mkdtempSync(join(tmpdir(), "inhouse-openapi-"));
try {
  const input = join(folder, "openapi.json");
  const printed = execFileSync(python, ["-m", "appliance.web.openapi"], {
    cwd: project,
    maxBuffer: 64 * 2 ** 20,
  });
  writeFileSync(input, printed);
  await createClient({
    input,
    output: { path: fileURLToPath(new URL("../src/api/generated", import.meta.url)) },
    plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
  });
} finally {
  rmSync(folder, { recursive: true });
}
