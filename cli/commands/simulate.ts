/** `wirespan simulate`: a cluster on virtual machines under faults, one run for each seed. */
import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import { listReleases, loadRelease, releasesDirectory, TREE } from "../../release/index.ts";
import {
  loadBuilds,
  makeSimulationReport,
  runCampaign,
  type SimulationReport,
} from "../../sim/campaign/index.ts";
import { drawSchedule, type RunResult, simulate } from "../../sim/index.ts";
import { EXIT } from "../exit.ts";

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
  readonly releases: readonly string[];
  readonly nodes: { readonly min: number; readonly max: number };
  readonly at?: number;
  readonly printSchedule?: true;
  readonly threads: number;
  readonly releasesDir?: string;
  readonly json?: true;
}

type LoadedRelease = Awaited<ReturnType<typeof loadRelease>>;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export function register(program: Command): void {
  const command = program
    .command("simulate")
    .description("run a cluster in virtual time under faults, one run for each seed")
    .option("--seeds <count>", "how many seeds", count, 20)
    .option("--from <seed>", "the first of them", count, 1)
    .option("--seed <seed>", "this one alone, in this thread", count)
    .option("--releases <names>", "roll through these, as r2,r3", list, [TREE])
    .option("--nodes <range>", "founding members, as 3 or 3..7", range, { min: 3, max: 3 })
    .option("--at <ms>", "with --seed: stop at this virtual time and print all nodes", count)
    .option("--print-schedule", "with --seed: print what would happen, and do nothing")
    .option("--threads <count>", "worker threads", count, availableParallelism())
    .option("--releases-dir <dir>", "frozen releases (default: fixtures/releases)")
    .option("--json", "the report, and nothing else, on standard output")
    .action(async (options: Options) => {
      process.exitCode = await run(command, options);
    });
}

async function run(command: Command, options: Options): Promise<number> {
  if (options.seed === undefined && (options.at !== undefined || options.printSchedule))
    return command.error("wirespan: --at and --print-schedule need --seed", USAGE);
  const known = [...listReleases(options), TREE];
  const unknown = options.releases.find((name) => !known.includes(name));
  if (unknown !== undefined)
    return command.error(
      `wirespan: Cannot find release "${unknown}" in ${releasesDirectory(options)}: known are ${known.join(", ")}`,
      USAGE,
    );
  const releases: LoadedRelease[] = [];
  try {
    for (const name of options.releases) releases.push(await loadRelease(name, options));
    if (options.at !== undefined || options.printSchedule) return await show(options, releases);
    const report = await carryOut(options, releases);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : summary(report));
    if (report.verdict === "unknown") return EXIT.couldNotRun;
    return report.verdict === "pass" ? EXIT.fine : EXIT.findings;
  } finally {
    for (const release of releases) release.close();
  }
}

const USAGE = { exitCode: EXIT.usage };

/** One seed, its schedule or its nodes at a moment. */
async function show(options: Options, releases: readonly LoadedRelease[]): Promise<number> {
  const schedule = drawSchedule({
    seed: options.seed ?? 1,
    nodes: options.nodes,
    releases: releases.map(({ name, writes }) => ({ name, writes: writes.after })),
  });
  if (options.printSchedule) {
    process.stdout.write(`${JSON.stringify(schedule, null, 2)}\n`);
    return EXIT.fine;
  }
  const result = simulate(schedule, await loadBuilds(releases), { stopAtMs: options.at ?? 0 });
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return result.verdict === "fail" ? EXIT.findings : EXIT.fine;
}

async function carryOut(
  options: Options,
  releases: readonly LoadedRelease[],
): Promise<SimulationReport> {
  const { seed, from, seeds: asked, nodes, threads } = options;
  const first = seed ?? from;
  const seeds = Array.from({ length: seed === undefined ? asked : 1 }, (_, place) => first + place);
  const abort = new AbortController();
  const onSignal = (): void => abort.abort();
  for (const signal of SIGNALS) process.once(signal, onSignal);
  const startedAt = performance.now();
  try {
    const campaign = await runCampaign({
      seeds,
      nodes,
      threads,
      signal: abort.signal,
      sources: releases.map(({ name, digest, range: reads, writes, directory }) => {
        return { name, digest, range: reads, writes: writes.after, directory };
      }),
      onResult: (result) => tellFailure(result),
    });
    return makeSimulationReport({
      campaign,
      asked: seeds.length,
      seed: first,
      durationMs: Math.round(performance.now() - startedAt),
      command: commandLine(options, `--from ${first} --seeds ${seeds.length}`),
      commandOf: (each) => commandLine(options, `--seed ${each}`),
      releases,
    });
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  }
}

/** At once: a long campaign is often watched for its first failure. */
function tellFailure({ verdict, seed, oracle, message }: RunResult): void {
  if (verdict === "fail") process.stderr.write(`wirespan: seed ${seed}: ${oracle}: ${message}\n`);
}

function commandLine({ releases, nodes, releasesDir }: Options, seeds: string): string {
  const members = nodes.min === nodes.max ? `${nodes.min}` : `${nodes.min}..${nodes.max}`;
  const where = releasesDir === undefined ? "" : ` --releases-dir ${releasesDir}`;
  return `wirespan simulate ${seeds} --releases ${releases.join(",")} --nodes ${members}${where}`;
}

function summary({
  verdict,
  counts,
  failures,
  durationMs,
  releases,
  ...rest
}: SimulationReport): string {
  const found = failures.flatMap(({ seed, oracle, message, atMs, story, command }) => [
    `  seed ${seed}: ${oracle} at ${atMs} ms: ${message}`,
    ...story.map((line) => `      ${line}`),
    `    again: ${command}`,
  ]);
  const digests = releases.map(({ name, digest }) => `${name} ${digest.slice(0, 12)}`);
  return [
    `simulation: ${verdict} (${counts.seeds} of ${counts.seedsAsked} seeds, ${counts.failed} failed, ${(durationMs / 1000).toFixed(1)} s)`,
    `  ${counts.events} events, ${counts.eventsPerSecond} per second, ${counts.seedsPerMinute} seeds per minute, ${counts.virtualPerRealTime} times as fast as real time`,
    `  ${counts.operations} operations, ${counts.faults} faults, ${counts.starts} starts, ${counts.digestsCompared} digests compared, ${counts.repeated} seeds run twice`,
    ...rest.unrepeatable.map((seed) => `  seed ${seed}: the second run was another one`),
    ...found,
    `  releases: ${digests.join(", ")}`,
    `  again: ${rest.command}`,
    "",
  ].join("\n");
}

function list(value: string): readonly string[] {
  return value.split(",");
}

function count(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("a whole number below 1 000 000 000 is needed.");
}

function range(value: string): { readonly min: number; readonly max: number } {
  const [, min = "", max = min] = /^([1-9])(?:\.\.([1-9]))?$/.exec(value) ?? [];
  if (min !== "" && Number(min) <= Number(max)) return { min: Number(min), max: Number(max) };
  throw new InvalidArgumentError("a count from 1 to 9, or two as 3..7, are needed.");
}
