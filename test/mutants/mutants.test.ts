/**
 * The matrix against deliberate damage: each mutant of the working tree must end with exit code 100
 * and name message, versions, victim and bytes; the unchanged twin must stay clean, or a hit would
 * prove nothing.
 */
import { beforeAll, expect, test } from "vitest";
import { exitCodeOf, runMatrix } from "../../cli/matrix/run-matrix.ts";
import type { BrokenCell, MatrixReport } from "../../compat-matrix/index.ts";
import { type BundledTree, loadRelease, type Release } from "../../release/index.ts";
import { bundleMutant, type Mutant, StaleMutantError } from "./mutant.ts";
import { MUTANTS } from "./mutants.ts";

/** Those that share wire versions with the tree; the others can only refuse it. */
let frozen: readonly Release[] = [];
beforeAll(async () => {
  frozen = await Promise.all(["r3", "r4"].map((name) => loadRelease(name)));
});

async function judge(mutant?: Mutant): Promise<MatrixReport> {
  const tree: BundledTree = await bundleMutant(mutant);
  try {
    const { report } = await runMatrix([...frozen, tree], {
      command: "wirespan matrix --no-start",
      captured: [],
      withStarts: false,
      isQuiet: true,
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
  expect(hits.map(({ victim }) => victim)).toEqual(
    expect.arrayContaining([...mutant.expected.victims]),
  );
  expect(hits.some(({ bytes }) => bytes.length > 0)).toBe(true);
  expect(hits.every(({ writer, reader }) => writer.version + reader.version > 0)).toBe(true);
});

test("a mutant whose text is gone is an error, not a hit", async () => {
  const [first] = MUTANTS;
  if (first === undefined) throw new Error("no mutants");
  await expect(bundleMutant({ ...first, find: "no such text" })).rejects.toThrow(/stands 0 times/);
  await expect(bundleMutant({ ...first, file: "cli/exit.ts" })).rejects.toThrow(StaleMutantError);
});
