/**
 * One process is one sample: it loads what was asked for, checks that every codec gives back what it
 * was given, warms all of them on all messages, measures, and prints what it found as one JSON line.
 */
import type { Contender } from "./contender.ts";
import { type BenchCase, CASES } from "./corpus.ts";
import { loadContenders } from "./load.ts";
import { measure, type Sample, warm } from "./measure.ts";
import type { Task } from "./process.ts";
import { type Runner, runnersOf } from "./rows.ts";
import { checkRoundTrips, meanBytes } from "./verify.ts";

export interface RowSamples {
  readonly case: string;
  readonly row: Task["rows"][number];
  readonly way: Task["ways"][number];
  readonly samples: readonly Sample[];
}

export interface ChildReport {
  readonly rows: readonly RowSamples[];
  /** Mean encoded bytes, by case and contender. */
  readonly bytes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly notes: Readonly<Record<string, string>>;
}

interface Race {
  readonly case: string;
  readonly row: RowSamples["row"];
  readonly way: RowSamples["way"];
  readonly runners: readonly Runner[];
}

type Sizes = Record<string, Record<string, number>>;

async function main(task: Task): Promise<ChildReport> {
  const races: Race[] = [];
  const bytes: Sizes = {};
  const notes: Record<string, string> = {};
  for (const bench of CASES.filter(({ name }) => task.cases.includes(name))) {
    const contenders = await loadContenders(bench.message, ({ name }) => isWanted(name, task));
    for (const contender of contenders) checkRoundTrips(contender, bench);
    const sized = contenders.filter(({ way }) => way === "tuned");
    bytes[bench.name] = Object.fromEntries(sized.map((one) => [one.name, meanBytes(one, bench)]));
    for (const { name, note } of sized) if (note) notes[name] = note;
    races.push(...racesOf(bench, contenders, task));
  }
  const all = races.flatMap(({ runners }) => runners);
  warm(all, task.warmMs / 2);
  const rows = races.map(({ runners, ...race }) => {
    // Again, because by now the engine has thrown away what had not run for a while.
    warm(runners, task.warmMs);
    return { ...race, samples: measure(runners, task) };
  });
  return { rows, bytes, notes };
}

function isWanted(name: string, { contenders }: Task): boolean {
  return contenders.length === 0 || contenders.some((wanted) => name.includes(wanted));
}

/** The documented way is shown for the calls that everybody documents. */
const DOCUMENTED_ROWS: readonly string[] = ["owned", "decode"];

function racesOf(bench: BenchCase, contenders: readonly Contender[], task: Task): Race[] {
  return task.ways.flatMap((way) => {
    // Ours and the limits have no second way; they run in both tables.
    const taking = contenders.filter((one) => one.group !== "peer" || one.way === way);
    const rows = task.rows.filter((row) => way === "tuned" || DOCUMENTED_ROWS.includes(row));
    return rows.map((row) => {
      const runners = taking.flatMap((contender) => runnersOf(row, contender, bench));
      return { case: bench.name, row, way, runners };
    });
  });
}

const report = await main(JSON.parse(process.argv[2] ?? "{}") as Task);
process.stdout.write(`${JSON.stringify(report)}\n`);
