/**
 * Proves that frozen bundles run with nothing but Node: each is loaded by a bare Node in an empty
 * folder, where no `node_modules` can be found, and the text of the pure ones is searched for imports.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BundleName } from "./bundle.ts";
import { ReleaseError } from "./errors.ts";

const PURE: readonly BundleName[] = ["codecs.mjs", "replica.mjs"];
const IMPORT =
  /^\s*(?:import|export)\b[^;"']*\bfrom\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/gm;

/** What each bundle must offer, and which of it is the version of its contract. */
const EXPORTS: Readonly<
  Record<BundleName, { readonly needed: readonly string[]; readonly version?: string }>
> = {
  "codecs.mjs": { needed: ["createCodecHost"] },
  "replica.mjs": { needed: ["PORTS_VERSION", "createReplica"], version: "PORTS_VERSION" },
  "client.mjs": { needed: ["CLIENT_VERSION", "createClient"], version: "CLIENT_VERSION" },
  "node.mjs": { needed: [] },
};

export async function checkBundles(
  directory: string,
  names: readonly BundleName[],
): Promise<{ ports: number; client: number }> {
  const bare = mkdtempSync(join(tmpdir(), "wirespan-bare-"));
  try {
    for (const name of names) {
      checkImports(name, readFileSync(join(directory, name), "utf8"));
      copyFileSync(join(directory, name), join(bare, name));
    }
    const ports = loadBare(bare, "replica.mjs");
    const client = loadBare(bare, "client.mjs");
    loadBare(bare, "codecs.mjs");
    checkUsage(bare);
    return { ports, client };
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
}

function checkImports(name: BundleName, text: string): void {
  for (const [, from, dynamic] of text.matchAll(IMPORT)) {
    const imported = from ?? dynamic ?? "";
    const allowed = !PURE.includes(name) && imported.startsWith("node:");
    if (!allowed) {
      throw new ReleaseError("DefectiveBundle", `Cannot freeze: ${name} imports "${imported}"`);
    }
  }
}

/** Loads the bundle in a process of its own and returns the version of its contract (0: it has none). */
function loadBare(folder: string, name: BundleName): number {
  const { needed, version } = EXPORTS[name];
  const script = `
    const bundle = await import("./${name}");
    const missing = ${JSON.stringify(needed)}.filter((key) => bundle[key] === undefined);
    console.log(JSON.stringify({ missing, version: ${version ? `bundle.${version}` : "0"} }));`;
  const output = runBare(folder, name, ["--input-type=module", "--eval", script]);
  const { missing, version: found } = JSON.parse(output) as { missing: string[]; version: number };
  if (missing.length === 0) return found;
  throw new ReleaseError("DefectiveBundle", `Cannot freeze: ${name} lacks ${missing.join(", ")}`);
}

/** Without `--config` a node explains itself and ends with 2. */
function checkUsage(folder: string): void {
  try {
    execFileSync(process.execPath, ["node.mjs"], { cwd: folder, stdio: "pipe", timeout: 10_000 });
  } catch (error) {
    if ((error as { status?: number }).status === 2) return;
    throw new ReleaseError(
      "DefectiveBundle",
      `Cannot freeze: node.mjs does not start: ${String(error)}`,
    );
  }
  throw new ReleaseError("DefectiveBundle", "Cannot freeze: node.mjs ran without a configuration");
}

function runBare(folder: string, name: string, args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, args, {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
      timeout: 10_000,
      env: {},
    });
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new ReleaseError("DefectiveBundle", `Cannot freeze: ${name} does not load: ${stderr}`);
  }
}
