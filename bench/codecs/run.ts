/** The whole bench: measuring processes one after the other, and what follows from their samples. */
import { cpus } from "node:os";
import type { ChildReport } from "./child.ts";
import type { Way } from "./contender.ts";
import { CASES } from "./corpus.ts";
import { runChild, type Task } from "./process.ts";
import { ROWS } from "./rows.ts";
import { compare, judge, type Processes, type Race, type Spread } from "./statistics.ts";
import { type Outcome, outcomeOf, TARGETS } from "./targets.ts";

export const SCHEMA = "wirespan/bench-codecs/2";

export interface BenchReport {
  readonly schema: typeof SCHEMA;
  readonly machine: string;
  readonly processes: number;
  readonly rounds: number;
  readonly sliceMs: number;
  readonly targets: readonly Outcome[];
  readonly adapters: readonly AdapterFigure[];
  readonly races: readonly Race[];
  /** Mean encoded bytes, by case and codec. */
  readonly bytes: ChildReport["bytes"];
  readonly notes: ChildReport["notes"];
}

/** Our adapter's speed as a multiple of the library it stands on, called as documented and as tuned. */
export interface AdapterFigure {
  readonly case: string;
  readonly row: string;
  readonly adapter: string;
  readonly library: string;
  readonly way: Way;
  readonly ratio: Spread;
}

export interface BenchOptions extends Pick<Task, "rounds" | "sliceMs" | "warmMs"> {
  readonly processes: number;
  /** Only cases with this in their name. */
  readonly only: string;
  readonly rows: Task["rows"];
  readonly ways: Task["ways"];
  readonly contenders: Task["contenders"];
  readonly onProcess: (done: number) => void;
}

export async function benchCodecs(
  options: BenchOptions,
  signal: AbortSignal,
): Promise<BenchReport> {
  const { processes, rounds, sliceMs, warmMs, ways, contenders } = options;
  const cases = CASES.map(({ name }) => name).filter((name) => name.includes(options.only));
  const rows = options.rows.length > 0 ? options.rows : ROWS;
  const task: Task = { cases, rows, ways, contenders, rounds, sliceMs, warmMs };
  const reports: ChildReport[] = [];
  for (let done = 1; done <= processes; done++) {
    reports.push(await runChild(task, signal));
    options.onProcess(done);
  }
  return { ...reportOf(reports), processes, rounds, sliceMs };
}

type Judged = Omit<BenchReport, "processes" | "rounds" | "sliceMs">;

function reportOf(reports: readonly ChildReport[]): Judged {
  const [first] = reports;
  if (!first) throw new Error("Cannot report: no process measured anything");
  const seen = (race: { case: string; row: string }, way: Way): Processes =>
    reports.map(
      ({ rows }) =>
        rows.find((one) => one.case === race.case && one.row === race.row && one.way === way)
          ?.samples ?? [],
    );
  return {
    schema: SCHEMA,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`,
    targets: TARGETS.filter((target) => seen(target, "tuned")[0]?.length).map((target) =>
      outcomeOf(target, seen(target, "tuned")),
    ),
    adapters: first.rows.flatMap((race) => adapterFigures(race, seen(race, race.way))),
    races: first.rows.map(({ samples: _, ...race }) => judge(race, seen(race, race.way))),
    bytes: first.bytes,
    notes: first.notes,
  };
}

const LIBRARIES: readonly (readonly [adapter: string, library: string])[] = [
  ["wirespan protobuf", "protobufjs"],
  ["wirespan msgpack", "@msgpack/msgpack"],
];

function adapterFigures(race: ChildReport["rows"][number], processes: Processes): AdapterFigure[] {
  if (race.row !== "owned" && race.row !== "decode") return [];
  return LIBRARIES.flatMap(([adapter, library]) => {
    const ratio = compare(processes, adapter, library);
    if (Number.isNaN(ratio.median)) return [];
    return [{ case: race.case, row: race.row, adapter, library, way: race.way, ratio }];
  });
}
