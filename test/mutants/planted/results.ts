/** What was measured of each planted bug, and on what. Kept beside the patches, row by row. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Area, byId, type PlantedBug } from "./bug-file.ts";
import type { Start } from "./hunt.ts";

export interface Row {
  readonly id: string;
  readonly area: Area;
  readonly name: string;
  /** SHA-256 of the patch, of the unmutated bundles and of the simulator it was measured with. */
  readonly patch: string;
  readonly tree: string;
  readonly simulator: string;
  readonly budget: number;
  readonly starts: readonly Start[];
}

/** What makes starts comparable. */
export type Measure = Pick<Row, "tree" | "simulator" | "budget">;

export interface Verdict {
  readonly isFound: boolean;
  /** Those that fired. */
  readonly oracles: readonly string[];
  readonly found: number;
  /** Those that found it or spent their budget. */
  readonly starts: number;
  /** Seeds to detection; undefined when the middle start did not find it. */
  readonly median: number | undefined;
  readonly seeds: number;
  readonly objections: readonly string[];
}

/** Starts are so far apart that no two of them share a seed. */
const SEEDS_APART = 1_000_000;

export function firstSeedOf(start: number): number {
  return 1 + start * SEEDS_APART;
}

export function readRows(path: string): readonly Row[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Row[]) : [];
}

export function writeRows(path: string, rows: readonly Row[]): void {
  writeFileSync(path, `${JSON.stringify([...rows].sort(byId), null, 2)}\n`);
}

/** The row of a bug, with the starts that were measured the same way before. */
export function rowOf(
  { id, area, name, text }: PlantedBug,
  measure: Measure,
  known: readonly Row[],
): Row {
  const patch = createHash("sha256").update(text).digest("hex");
  const fresh = { id, area, name, patch, ...measure };
  const before = known.find((row) => row.id === id);
  const isSame =
    before?.patch === patch &&
    before.tree === measure.tree &&
    before.simulator === measure.simulator;
  return { ...fresh, starts: isSame ? before.starts : [] };
}

export function withStart(row: Row, start: Start): Row {
  const others = row.starts.filter(({ from }) => from !== start.from);
  return { ...row, starts: [...others, start].sort((one, other) => one.from - other.from) };
}

/** The median counts a start without a find as more than the budget. */
export function verdictOf({ starts, budget }: Row): Verdict {
  const ended = starts.filter(({ seeds, find }) => find !== undefined || seeds >= budget);
  const counts = ended
    .map(({ find, seeds }) => (isValid(find) ? seeds : Number.POSITIVE_INFINITY))
    .sort((one, other) => one - other);
  const median = counts[counts.length >> 1];
  const finds = starts.flatMap(({ find }) => (find && isValid(find) ? [find] : []));
  return {
    isFound: finds.length > 0,
    oracles: [...new Set(finds.map(({ oracle }) => oracle))],
    found: finds.length,
    starts: ended.length,
    median: median !== undefined && Number.isFinite(median) ? median : undefined,
    seeds: starts.reduce((sum, { seeds }) => sum + seeds, 0),
    objections: starts.flatMap(({ find }) => find?.objection ?? []),
  };
}

function isValid(find: Start["find"]): boolean {
  return find !== undefined && find.objection === undefined;
}
