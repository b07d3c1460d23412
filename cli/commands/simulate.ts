/** `wirespan simulate`: a cluster on virtual machines under faults, one run for each seed. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { listReleases, loadRelease, releasesDirectory, TREE } from "../../release/index.ts";
import {
  type BuildSource,
  loadBuilds,
  makeFailure,
  makeSimulationReport,
  runCampaign,
  type ShrunkFailure,
  type SimulationReport,
  shrinkSchedule,
} from "../../sim/campaign/index.ts";
import {
  drawSchedule,
  enumerateHop,
  problemOfRoll,
  type RunResult,
  readSchedule,
  SCHEDULE_SCHEMA,
  type Schedule,
  ScheduleError,
  type ScheduleFile,
  simulate,
  withinModel,
} from "../../sim/index.ts";
import { EXIT } from "../exit.ts";
import {
  addOptions,
  commandLine,
  type Options,
  scheduleCommandLine,
} from "../simulation/options.ts";
import { writePicture } from "../simulation/picture.ts";
import { summary } from "../simulation/summary.ts";
import { traceFileOf, writeTrace } from "../simulation/trace.ts";

type LoadedRelease = Awaited<ReturnType<typeof loadRelease>>;
type Source = BuildSource & { readonly writes: number };

/** One command as it was given. */
interface Task {
  readonly options: Options;
  /** Of `--schedule`. */
  readonly file: ScheduleFile | undefined;
  readonly releases: readonly LoadedRelease[];
  readonly sources: readonly Source[];
  /** Of `--enumerate`. */
  readonly plans: readonly Schedule[];
  readonly signal: AbortSignal;
}

/** When nobody says how many. */
const SEEDS = 20;
/** A wrapper hands on what the terminal has sent to everybody already; that is one Ctrl-C. */
const AGAIN_MS = 300;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const USAGE = { exitCode: EXIT.usage };

export function register(program: Command): void {
  const command = program
    .command("simulate")
    .description("run a cluster in virtual time under faults, one run for each seed");
  addOptions(command).action(async (options: Options) => {
    process.exitCode = await run(command, options);
  });
}

async function run(command: Command, options: Options): Promise<number> {
  const isOne = options.seed !== undefined || options.schedule !== undefined;
  if (!isOne && (options.at !== undefined || options.printSchedule || options.trace))
    return command.error(
      "wirespan: --at, --print-schedule and --trace need --seed or --schedule",
      USAGE,
    );
  const traceFile = options.trace === undefined ? undefined : traceFileOf(command, options.trace);
  const file = options.schedule === undefined ? undefined : readFile(command, options.schedule);
  const names = file?.releases ?? options.releases;
  checkNames(command, options, names);
  return await interruptibly(async (signal) => {
    const releases: LoadedRelease[] = [];
    try {
      for (const name of new Set(names)) releases.push(await loadRelease(name, options));
      const sources = releases.map(({ name, digest, range, writes, directory }) => {
        return { name, digest, range, writes: writes.after, directory };
      });
      const plans = options.enumerate ? plansOf(command, sources) : [];
      const task: Task = { options, file, releases, sources, plans, signal };
      checkReleases(command, task);
      tellOtherBuilds(task);
      if (traceFile !== undefined) return await trace(command, task, traceFile);
      return options.at !== undefined || options.printSchedule
        ? await show(task)
        : await report(task);
    } finally {
      for (const release of releases) release.close();
    }
  });
}

async function interruptibly(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupt = new AbortController();
  let firstMs = Number.POSITIVE_INFINITY;
  const onSignal = (): void => {
    // The second time nobody wants to wait for a report.
    if (performance.now() - firstMs > AGAIN_MS) process.exit(EXIT.couldNotRun);
    firstMs = Math.min(firstMs, performance.now());
    interrupt.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work(interrupt.signal);
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  }
}

async function report(task: Task): Promise<number> {
  const made = await carryOut(task);
  process.stdout.write(task.options.json ? `${JSON.stringify(made)}\n` : summary(made));
  if (made.verdict === "unknown") return EXIT.couldNotRun;
  return made.verdict === "pass" ? EXIT.fine : EXIT.findings;
}

function checkNames(command: Command, options: Options, names: readonly string[]): void {
  const known = [...listReleases(options), TREE];
  const unknown = names.find((name) => !known.includes(name));
  const where = options.schedule === undefined ? "" : `${options.schedule}: `;
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined)
    command.error(`wirespan: ${where}Cannot roll through "${twice}" twice`, USAGE);
  if (unknown !== undefined)
    command.error(
      `wirespan: ${where}Cannot find release "${unknown}" in ${releasesDirectory(options)}: known are ${known.join(", ")}`,
      USAGE,
    );
}

function readFile(command: Command, path: string): ScheduleFile {
  try {
    return readSchedule(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof ScheduleError || (error instanceof Error && "syscall" in error))
      return command.error(`wirespan: ${path}: ${error.message}`, USAGE);
    throw error;
  }
}

function plansOf(command: Command, sources: readonly Source[]): readonly Schedule[] {
  const [from, to, ...more] = sources;
  if (from && to && more.length === 0) return enumerateHop(from, to);
  return command.error("wirespan: --enumerate needs two releases, as --releases r3,r4", USAGE);
}

/** An order of releases that no operator could roll through is a mistake of the caller. */
function checkReleases(command: Command, task: Task): void {
  const { options, file, sources, plans } = task;
  const first = options.seed ?? options.from;
  if (plans.length > 0 && !plans[first - 1])
    command.error(`wirespan: there is no plan ${first}: they go from 1 to ${plans.length}`, USAGE);
  const problem = problemOfRoll(scheduleOf(task, first), sources);
  if (problem === undefined) return;
  const what = file
    ? `${options.schedule}: Cannot use schedule`
    : "Cannot roll through these releases";
  command.error(`wirespan: ${what}: ${problem}`, USAGE);
}

function tellOtherBuilds({ options, file, sources }: Task): void {
  for (const { name, digest } of sources) {
    const then = file?.digests[name];
    if (then !== undefined && then !== digest)
      process.stderr.write(
        `wirespan: ${options.schedule} was made with another ${name}: ${then.slice(0, 12)} then, ${digest.slice(0, 12)} now\n`,
      );
  }
}

function scheduleOf({ options, file, sources, plans }: Task, seed: number): Schedule {
  const drawn = (): Schedule => drawSchedule({ ...options, seed, releases: sources });
  return file ?? plans[seed - 1] ?? drawn();
}

function fileOf(schedule: Schedule, sources: readonly Source[]): ScheduleFile {
  const digests = Object.fromEntries(sources.map(({ name, digest }) => [name, digest]));
  return { schema: SCHEDULE_SCHEMA, digests, ...schedule };
}

/** One run: its schedule, or its nodes at a moment. */
async function show(task: Task): Promise<number> {
  const { options, releases, sources } = task;
  const schedule = scheduleOf(task, options.seed ?? 1);
  if (options.printSchedule) {
    process.stdout.write(`${JSON.stringify(fileOf(schedule, sources), null, 2)}\n`);
    return EXIT.fine;
  }
  const result = simulate(schedule, await loadBuilds(releases), { stopAtMs: options.at ?? 0 });
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return result.verdict === "fail" ? EXIT.findings : EXIT.fine;
}

async function trace(command: Command, task: Task, path: string): Promise<number> {
  const { options, releases } = task;
  const drawn = scheduleOf(task, options.seed ?? 1);
  const schedule = task.file ? drawn : withinModel(drawn);
  const { result, lines } = writeTrace(schedule, await loadBuilds(releases), path);
  if (lines === 0)
    command.error(
      `wirespan: Cannot write a trace: ${releases.map(({ name }) => name).join(", ")} tells no transitions, ${TREE} does`,
      USAGE,
    );
  const { verdict, oracle, message, seed } = result;
  const left = drawn.faults.length - schedule.faults.length;
  const told = { seed, verdict, oracle, message, file: path, lines, faultsLeftOut: left };
  const text = `trace: ${verdict} (seed ${seed}, ${lines} events, ${left} faults left out that the model does not have): ${path}\n`;
  process.stdout.write(options.json ? `${JSON.stringify(told)}\n` : text);
  if (verdict === "fail") tellFailure(result);
  return verdict === "fail" ? EXIT.findings : EXIT.fine;
}

async function carryOut(task: Task): Promise<SimulationReport> {
  const { options, file, releases, sources, signal } = task;
  const { seed, from, nodes, threads } = options;
  const first = file?.seed ?? seed ?? from;
  const asked = file || seed !== undefined ? 1 : countOf(task);
  const commandOf = (each: number): string =>
    options.schedule === undefined
      ? commandLine(options, `--seed ${each}`)
      : scheduleCommandLine(options, options.schedule);
  const startedAt = performance.now();
  const campaign = await runCampaign({
    seeds: numbers(first, asked),
    scheduleOf: (each) => scheduleOf(task, each),
    nodes,
    threads,
    signal,
    sources,
    onResult: (result) => tellFailure(result),
    onBroken: ({ message }) => process.stderr.write(`wirespan: ${message}\n`),
  });
  const failed = campaign.results.find(({ verdict }) => verdict === "fail");
  const drawn = campaign.results.find(({ disorder }) => disorder !== undefined);
  const picture = drawn && writePicture(drawn);
  if (picture !== undefined)
    process.stderr.write(
      `wirespan: seed ${drawn?.seed}: the operations without an order: ${picture}\n`,
    );
  const shrunk = options.shrink && failed ? await shrinkFailure(task, failed) : undefined;
  const whole =
    asked === 1 ? commandOf(first) : commandLine(options, `--from ${first} --seeds ${asked}`);
  return makeSimulationReport({
    campaign,
    asked,
    seed: first,
    durationMs: Math.round(performance.now() - startedAt),
    command: options.shrink ? `${whole} --shrink` : whole,
    commandOf,
    releases,
    shrunk,
    plans: task.plans.length,
  });
}

function countOf({ options: { seeds, from }, plans }: Task): number {
  if (plans.length === 0) return seeds ?? SEEDS;
  const left = plans.length - from + 1;
  return Math.min(seeds ?? left, left);
}

async function shrinkFailure(task: Task, failed: RunResult): Promise<ShrunkFailure | undefined> {
  const { options, sources, signal } = task;
  const { shrinkRuns, shrinkSeconds, output = `schedule-${failed.seed}.json` } = options;
  if (signal.aborted) return undefined;
  const { schedule, result, runs, durationMs, end } = await shrinkSchedule(
    scheduleOf(task, failed.seed),
    failed,
    {
      sources,
      signal,
      runsMax: shrinkRuns,
      durationMaxMs: shrinkSeconds * 1000,
      isSound: (proposal) => problemOfRoll(proposal, sources) === undefined,
      onSmaller: ({ nodes, faults, roll }, done) =>
        process.stderr.write(
          `wirespan: run ${done}: ${nodes} nodes, ${faults.length} faults, ${roll.length} steps\n`,
        ),
    },
  );
  writeFileSync(output, `${JSON.stringify(fileOf(schedule, sources), null, 2)}\n`);
  const { nodes, clients, faults, roll } = schedule;
  return {
    ...makeFailure(result, scheduleCommandLine(options, output)),
    ...{ file: output, runs, durationMs, end, nodes, clients },
    faults: faults.length,
    rollSteps: roll.length,
  };
}

/** At once: a long campaign is often watched for its first failure. */
function tellFailure({ verdict, seed, oracle, message }: RunResult): void {
  if (verdict === "fail") process.stderr.write(`wirespan: seed ${seed}: ${oracle}: ${message}\n`);
}

function* numbers(first: number, count: number): Generator<number> {
  for (let place = 0; place < count; place++) yield first + place;
}
