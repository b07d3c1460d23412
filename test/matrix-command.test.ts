/** `wirespan matrix` as a person or a CI job runs it: output, exit codes, and what stays behind. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, expect, test } from "vitest";
import { REPORT_HEAD_SCHEMA } from "../report/index.ts";

const folder = mkdtempSync(join(tmpdir(), "wirespan-matrix-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

function matrix(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = ["tsx", "cli/main.ts", "matrix", ...options];
  // A folder of its own for temporary files shows what was left behind.
  const env = { ...process.env, TMPDIR: folder };
  return spawnSync("npx", command, { encoding: "utf8", env });
}

test("matrix --json: only the report on stdout, after its schema; exit 0, and the page on disk", () => {
  const page = join(folder, "page.html");
  const run = matrix("--releases", "tree", "--no-start", "--json", "--html", page);
  expect(run.status).toBe(0);
  const report = JSON.parse(run.stdout) as { counts: Record<string, number>; command: string };
  expect(new Ajv2020({ strict: true }).compile(REPORT_HEAD_SCHEMA)(report)).toBe(true);
  expect(report.counts).toMatchObject({ broken: 0 });
  expect(report.counts.cells).toBeGreaterThan(300);
  expect(report.command).toBe("wirespan matrix --releases tree --no-start");
  expect(readFileSync(page, "utf8")).toContain("Compatibility matrix");
});

test("matrix: a table, counts and a verdict for people, progress in lines where there is no terminal", () => {
  const run = matrix("--releases", "tree", "--no-start", "--only", "HardState");
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(/writer \\ reader/);
  expect(run.stdout).toMatch(/pass: \d+ cells, 0 broken/);
  expect(run.stderr).toMatch(/matrix: loading tree\nmatrix: direct cells, \d+ in all, 0 broken\n/);
});

test.for([
  {
    options: ["--releases", "r99"],
    says: /Cannot find release "r99": known are .*tree/,
    why: "an unknown release",
  },
  {
    options: ["--releases", "tree", "--only", "Nope"],
    says: /known are AppendRequest/,
    why: "an unknown message",
  },
  { options: ["--captured", "/dev/null"], says: /is no capture/, why: "a file that is no capture" },
  {
    options: ["--captured", "missing.wsc"],
    says: /Cannot read missing.wsc/,
    why: "a file that is not there",
  },
  { options: ["--frobnicate"], says: /unknown option/, why: "an unknown option" },
])("matrix ends with 2: $why", ({ options, says }) => {
  const run = matrix(...options);
  expect(run.stderr).toMatch(says);
  expect(run.status).toBe(2);
});

test("matrix ends with 1 when a release is damaged", () => {
  const release = join(folder, "releases", "r1");
  spawnSync("mkdir", ["-p", release]);
  const manifest = { format: 1, name: "r1", files: { "codecs.mjs": "0".repeat(64) } };
  writeFileSync(join(release, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(release, "codecs.mjs"), "export {}");
  const run = matrix("--releases", "r1", "--releases-dir", join(folder, "releases"));
  expect(run.stderr).toMatch(/codecs.mjs differs from its manifest/);
  expect(run.status).toBe(1);
});

test("no run above left a temporary folder behind", () => {
  expect(readdirSync(folder).filter((name) => name.startsWith("wirespan-"))).toEqual([]);
});
