/**
 * The matrix against deliberate damage: each mutant of the working tree must end with exit code 100
 * and name message, versions, victim and bytes; the unchanged twin must stay clean, or a hit would
 * prove nothing.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCodeOf, runMatrix } from "../../cli/matrix/run-matrix.ts";
import type { BrokenCell, MatrixReport } from "../../compat-matrix/index.ts";
import { writeGolden } from "../../release/golden.ts";
import { type BundledTree, listReleases, loadRelease, type Release } from "../../release/index.ts";
import { bundleMutant, type Mutant, StaleMutantError } from "./mutant.ts";
import { V1_MUTANTS } from "./v1-mutants.ts";

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

let frozen: readonly Release[] = [];
beforeAll(async () => {
  const loaded = await Promise.all(listReleases().map((name) => loadRelease(name)));
  frozen = loaded.length > 0 ? loaded : [await standIn()];
});

/** Before the first release is frozen: the tree as it is now, with golden bytes, as if it were one. */
async function standIn(): Promise<Release> {
  const tree = await bundleMutant();
  closers.push(tree.close);
  await writeGolden(tree.directory);
  return { ...tree, name: "r0" };
}

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
  const names = V1_MUTANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(12);
});

test.for(V1_MUTANTS)("mutant: $name", async (mutant) => {
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
  const [first] = V1_MUTANTS;
  if (first === undefined) throw new Error("no mutants");
  await expect(bundleMutant({ ...first, find: "no such text" })).rejects.toThrow(/stands 0 times/);
  await expect(bundleMutant({ ...first, file: "cli/exit.ts" })).rejects.toThrow(StaleMutantError);
});
