/** What `wirespan simulate` can be told. */
import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { TREE } from "../../release/index.ts";
import { FAULT_KINDS } from "../../sim/index.ts";

export interface Options {
  /** Absent: all plans with `--enumerate`, else 20. */
  readonly seeds?: number;
  readonly from: number;
  readonly seed?: number;
  readonly schedule?: string;
  readonly enumerate?: true;
  readonly releases: readonly string[];
  readonly nodes: { readonly min: number; readonly max: number };
  readonly faults?: readonly string[];
  readonly readLease?: true;
  readonly largeValues?: true;
  readonly at?: number;
  readonly printSchedule?: true;
  /** Form and file. */
  readonly trace?: readonly string[];
  readonly shrink?: true;
  readonly shrinkRuns: number;
  readonly shrinkSeconds: number;
  readonly output?: string;
  readonly threads: number;
  readonly releasesDir?: string;
  readonly json?: true;
}

export function addOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--seeds <count>", "how many seeds (default: 20)")
        .argParser(positive)
        .conflicts("seed"),
    )
    .addOption(
      new Option("--from <seed>", "the first of them")
        .argParser(count)
        .default(1)
        .conflicts("seed"),
    )
    .option("--seed <seed>", "this one alone", count)
    .addOption(
      new Option("--schedule <file>", "run what this file says, and no seed").conflicts([
        "seed",
        "seeds",
        "from",
        "releases",
        "nodes",
        "faults",
        "readLease",
        "largeValues",
      ]),
    )
    .addOption(
      new Option(
        "--enumerate",
        "every plan of one hop of three nodes, without chance; seeds number them",
      ).conflicts(["nodes", "faults", "readLease", "largeValues", "schedule"]),
    )
    .option("--releases <names>", "roll through these, as r2,r3", list, [TREE])
    .option("--nodes <range>", "founding members, as 3 or 3..7", range, { min: 3, max: 3 })
    .option("--faults <kinds>", "only these, and often, as crash,partition", kinds)
    .option("--read-lease", "leaders answer reads by a lease, and nobody restarts too soon for it")
    .option("--large-values", "many of the values that are put are large, in every run")
    .option("--at <ms>", "of one run: stop at this virtual time and print all nodes", count)
    .option("--print-schedule", "with --seed: print what would happen, and do nothing")
    .addOption(
      new Option(
        "--trace <form-file...>",
        "of one run: `etcd-tla FILE` writes its trace",
      ).conflicts(["at", "printSchedule", "shrink"]),
    )
    .option("--shrink", "make the schedule of the first failure small and write it to a file")
    .option("--shrink-runs <count>", "shrink by so many runs at most", positive, 300)
    .option("--shrink-seconds <count>", "and for so long at most", positive, 600)
    .option("--output <file>", "where the small schedule goes (default: schedule-<seed>.json)")
    .option("--threads <count>", "worker threads", positive, availableParallelism())
    .option("--releases-dir <dir>", "frozen releases (default: fixtures/releases)")
    .option("--json", "the report, and nothing else, on standard output");
}

/** Of one run, as it must be written to get it again. */
export function commandLine(options: Options, seeds: string): string {
  const { releases, nodes, faults, readLease, largeValues, releasesDir, enumerate } = options;
  const rolled = `${seeds} --releases ${releases.join(",")}`;
  if (enumerate) return `wirespan simulate --enumerate ${rolled}${where(releasesDir)}`;
  const members = nodes.min === nodes.max ? `${nodes.min}` : `${nodes.min}..${nodes.max}`;
  const only = faults === undefined ? "" : ` --faults ${faults.join(",")}`;
  const flags = `${readLease ? " --read-lease" : ""}${largeValues ? " --large-values" : ""}`;
  return `wirespan simulate ${rolled} --nodes ${members}${only}${flags}${where(releasesDir)}`;
}

export function scheduleCommandLine({ releasesDir }: Options, file: string): string {
  return `wirespan simulate --schedule ${quoted(file)}${where(releasesDir)}`;
}

function where(releasesDir: string | undefined): string {
  return releasesDir === undefined ? "" : ` --releases-dir ${quoted(releasesDir)}`;
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function list(value: string): readonly string[] {
  return value.split(",");
}

function kinds(value: string): readonly string[] {
  const unknown = list(value).find((kind) => !FAULT_KINDS.includes(kind));
  if (unknown === undefined) return list(value);
  throw new InvalidArgumentError(`"${unknown}" is none of ${FAULT_KINDS.join(", ")}.`);
}

function count(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("a whole number below 1 000 000 000 is needed.");
}

function positive(value: string): number {
  const number = count(value);
  if (number > 0) return number;
  throw new InvalidArgumentError("at least 1 is needed.");
}

function range(value: string): { readonly min: number; readonly max: number } {
  const [, min = "", max = min] = /^([1-9])(?:\.\.([1-9]))?$/.exec(value) ?? [];
  if (min !== "" && Number(min) <= Number(max)) return { min: Number(min), max: Number(max) };
  throw new InvalidArgumentError("a count from 1 to 9, or two as 3..7, are needed.");
}
