/**
 * The matrix against deliberate damage: each mutant of the working tree must end with exit code 100
 * and name message, versions, victim and bytes; the unchanged twin must stay clean, or a hit would
 * prove nothing.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { exitCodeOf, runMatrix } from "../../cli/matrix/run-matrix.ts";
import type { BrokenCell, MatrixReport } from "../../compat-matrix/index.ts";
import { type BundledTree, loadRelease, type Release } from "../../release/index.ts";
import { bundleMutant, copyTree, type Mutant, StaleMutantError, writeMutant } from "./mutant.ts";
import { MUTANTS } from "./mutants.ts";

/** Those that share wire versions with the tree; the others can only refuse it. */
let frozen: readonly Release[] = [];
beforeAll(async () => {
  frozen = await Promise.all(["r3", "r4"].map((name) => loadRelease(name)));
});

/** A mutant is looked for in its message alone: the twin shows that the others are clean. */
async function judge(mutant?: Mutant): Promise<MatrixReport> {
  const tree: BundledTree = await bundleMutant(mutant);
  try {
    const { report } = await runMatrix([...frozen, tree], {
      command: "wirespan matrix --no-start",
      captured: [],
      withStarts: false,
      isQuiet: true,
      ...(mutant && { only: mutant.expected.message }),
    });
    return report;
  } finally {
    tree.close();
  }
}

function isHit({ expected }: Mutant, cell: BrokenCell): boolean {
  const isSide = [cell.writer, cell.reader, cell.through].some((side) => side?.release === "tree");
  const isKind = expected.kind === undefined || cell.kind === expected.kind;
  return isSide && isKind && cell.message === expected.message;
}

test("the unchanged twin is clean", async () => {
  const report = await judge();
  expect(report.broken).toEqual([]);
  expect(exitCodeOf(report)).toBe(0);
  expect(report.counts.cells).toBeGreaterThan(1000);
});

test("there are enough mutants, each with a name of its own", () => {
  const names = MUTANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(16);
});

test.for(MUTANTS)("mutant: $name", async (mutant) => {
  const report = await judge(mutant);
  const hits = report.broken.filter((cell) => isHit(mutant, cell));
  expect(exitCodeOf(report)).toBe(100);
  expect(hits.map(({ reason }) => reason).join("\n")).toMatch(mutant.expected.reason);
  // An empty message has no bytes; then those that were made of it are the evidence.
  const withBytes = hits.filter(({ bytes, rewritten = "" }) => bytes + rewritten !== "");
  expect(withBytes.map(({ victim }) => victim)).toEqual(
    expect.arrayContaining([...mutant.expected.victims]),
  );
  expect(withBytes.map(versionOf)).toEqual(
    expect.arrayContaining([...(mutant.expected.versions ?? [3, 4])]),
  );
});

/** Of the bytes; a hello has none, there it is the one that the answering side has active. */
function versionOf({ kind, writer, through, reader }: BrokenCell): number {
  return kind === "hello" ? reader.version : (through ?? writer).version;
}

test("the command ends with 0 in a copy of the tree, and with 100 and the finding once it is a mutant", () => {
  const [mutant] = MUTANTS;
  if (mutant === undefined) throw new Error("no mutants");
  const cwd = mkdtempSync(join(tmpdir(), "wirespan-mutant-"));
  try {
    copyTree(cwd);
    expect(runCommand(cwd, mutant.expected.message).status).toBe(0);
    writeMutant(mutant, cwd);
    const { status, stdout } = runCommand(cwd, mutant.expected.message);
    expect(status).toBe(100);
    const report = JSON.parse(stdout) as MatrixReport;
    expect(report.broken.some((cell) => isHit(mutant, cell) && cell.bytes.length > 0)).toBe(true);
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

function runCommand(cwd: string, message: string): { status: number | null; stdout: string } {
  const which = ["--releases", "r4,tree", "--no-start", "--only", message, "--json"];
  const command = ["--import", "tsx", "cli/main.ts", "matrix", ...which];
  return spawnSync(process.execPath, command, { cwd, encoding: "utf8", maxBuffer: 2 ** 28 });
}

test("a mutant whose text is gone is an error, not a hit", async () => {
  const [first] = MUTANTS;
  if (first === undefined) throw new Error("no mutants");
  await expect(bundleMutant({ ...first, find: "no such text" })).rejects.toThrow(/stands 0 times/);
  await expect(bundleMutant({ ...first, file: "cli/exit.ts" })).rejects.toThrow(StaleMutantError);
});
