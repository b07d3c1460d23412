/** `wirespan rehearse`: a rolling upgrade on real processes, by a plan, with a verdict. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { checkPath, findPath } from "../../migrate/index.ts";
import { type RehearsalReport, rehearsalPage, rehearse } from "../../rehearsal/index.ts";
import { makePlan, type Plan, PlanError, printPlan, readPlan } from "../../rehearsal/plan/index.ts";
import { listReleases, loadRelease, TREE } from "../../release/index.ts";
import { EXIT } from "../exit.ts";

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly path?: readonly string[];
  readonly nodes: number;
  readonly seed?: number;
  readonly durationScale: number;
  readonly plan?: string;
  readonly printPlan?: true;
  readonly releasesDir?: string;
  readonly json?: true;
  readonly html?: string;
  readonly capture?: string;
  readonly killEvery?: number;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

type LoadedRelease = Awaited<ReturnType<typeof loadRelease>>;

export function register(program: Command): void {
  const command = program
    .command("rehearse")
    .description("roll a cluster of real processes from one release to another, under load")
    .option("--from <release>", "release that the cluster runs at first")
    .option("--to <release>", `release to end with ("${TREE}" is the working tree)`)
    .option(
      "--path <releases>",
      "the way to go, as r1,r2,r3 (default: found by what they read)",
      list,
    )
    .option("--nodes <count>", "members of the cluster", count, 3)
    .option("--seed <number>", "makes the same plan again (default: drawn)", count)
    .option("--duration-scale <factor>", "how long the load runs undisturbed", factor, 1)
    .option("--plan <file>", "carry out this plan instead of making one")
    .option("--print-plan", "print the plan (with --json as a file for --plan) and do nothing")
    .option("--releases-dir <dir>", "frozen releases (default: fixtures/releases)")
    .option("--json", "the report, and nothing else, on standard output")
    .option("--html <file>", "write the report as a page")
    .option("--capture <dir>", "keep the frames that nodes receive")
    .option("--kill-every <ms>", "SIGKILL a random node this often, on top of the plan", count)
    .action(async (options: Options) => {
      process.exitCode = await run(command, options);
    });
}

async function run(command: Command, options: Options): Promise<number> {
  const loaded = new Map<string, LoadedRelease>();
  try {
    const plan = await choosePlan(command, options, loaded);
    if (options.printPlan) {
      process.stdout.write(options.json ? `${JSON.stringify(plan, null, 2)}\n` : printPlan(plan));
      return EXIT.fine;
    }
    for (const { name } of plan.releases) await load(command, options, loaded, name);
    const report = await carryOut(plan, options, [...loaded.values()]);
    publish(report, options);
    if (report.verdict === "unknown") return EXIT.couldNotRun;
    return report.verdict === "pass" ? EXIT.fine : EXIT.findings;
  } finally {
    for (const release of loaded.values()) release.close();
  }
}

async function choosePlan(
  command: Command,
  options: Options,
  loaded: Map<string, LoadedRelease>,
): Promise<Plan> {
  if (options.plan !== undefined) return readPlanFile(command, options.plan);
  const { from = options.path?.[0], to = options.path?.at(-1) } = options;
  if (from === undefined || to === undefined)
    return command.error("wirespan: --from and --to, --path, or --plan is needed", USAGE);
  const names = [...listReleases(options), ...([from, to].includes(TREE) ? [TREE] : [])];
  const unknown = (options.path ?? [from, to]).find((name) => !names.includes(name));
  if (unknown !== undefined)
    return command.error(
      `wirespan: Cannot find release "${unknown}": known are ${[...new Set([...names, TREE])].join(", ")}`,
      USAGE,
    );
  for (const name of names) await load(command, options, loaded, name);
  // A withdrawn release is run only when it is asked for by its name.
  const named = [from, to, ...(options.path ?? [])];
  const releases = [...loaded.values()]
    .filter(({ name, manifest }) => manifest?.withdrawn === undefined || named.includes(name))
    .map(({ name, range }) => ({ name, range }));
  const found = options.path ? checkPath(releases, options.path) : findPath(releases, from, to);
  if (!found.ok) throw new Error(found.message);
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
  const { nodes, durationScale } = options;
  const plan = makePlan({ releases, path: found.path, nodes, seed, durationScale });
  for (const [name, release] of loaded) {
    if (plan.releases.some((each) => each.name === name)) continue;
    release.close();
    loaded.delete(name);
  }
  return plan;
}

const USAGE = { exitCode: EXIT.usage };

function readPlanFile(command: Command, file: string): Plan {
  try {
    return readPlan(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof PlanError || (error instanceof Error && "syscall" in error))
      return command.error(`wirespan: ${file}: ${error.message}`, USAGE);
    throw error;
  }
}

async function load(
  command: Command,
  { releasesDir }: Options,
  loaded: Map<string, LoadedRelease>,
  name: string,
): Promise<void> {
  if (loaded.has(name)) return;
  const where = releasesDir === undefined ? {} : { releasesDir };
  const names = [...listReleases(where), TREE];
  if (!names.includes(name))
    command.error(`wirespan: Cannot find release "${name}": known are ${names.join(", ")}`, USAGE);
  loaded.set(name, await loadRelease(name, where));
}

async function carryOut(
  plan: Plan,
  options: Options,
  releases: readonly LoadedRelease[],
): Promise<RehearsalReport> {
  const startedAt = performance.now();
  const interrupt = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    // The second time nobody wants to wait; the exit hook of the run still cleans up.
    if (interrupt.signal.aborted) process.exit(EXIT.couldNotRun);
    interrupt.abort(new Error(`interrupted by ${signal}`));
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const onProgress = (line: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
    process.stderr.write(`${seconds} s  ${line}\n`);
  };
  if (!options.json) onProgress(`plan ${plan.path.join(" -> ")}, seed ${plan.seed}`);
  const { capture, killEvery } = options;
  try {
    return await rehearse({
      plan,
      releases,
      command: commandLine(plan, options),
      onProgress,
      signal: interrupt.signal,
      ...(capture === undefined ? {} : { captureFolder: resolve(capture) }),
      ...(killEvery === undefined ? {} : { killEveryMs: killEvery }),
    });
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  }
}

/** With the seed spelled out, so that the report says how to get it again. */
function commandLine(plan: Plan, options: Options): string {
  const { releasesDir, killEvery, durationScale } = options;
  const what =
    options.plan === undefined
      ? `--path ${plan.path.join(",")} --nodes ${plan.nodes} --seed ${plan.seed} --duration-scale ${durationScale}`
      : `--plan ${options.plan}`;
  const where = releasesDir === undefined ? "" : ` --releases-dir ${releasesDir}`;
  const kills = killEvery === undefined ? "" : ` --kill-every ${killEvery}`;
  return `wirespan rehearse ${what}${where}${kills}`;
}

function publish(report: RehearsalReport, { html, json }: Options): void {
  if (html !== undefined) writeFileSync(html, rehearsalPage(report));
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(summary(report, html));
}

function summary(report: RehearsalReport, html: string | undefined): string {
  const { counts, longestWriteGap, oracles, verdict } = report;
  const lines = oracles.flatMap(({ oracle, verdict: each, detail, lines: found }) => [
    `  ${each.padEnd(7)} ${oracle}: ${detail}`,
    ...found.map((line) => `            ${line}`),
  ]);
  const hops = report.hops.map(
    ({ from, to, before, during, after, longestWriteGap: gap }) =>
      `  ${from} -> ${to}: write p50/p99 ${before.p50Ms}/${before.p99Ms} ms before, ${during.p50Ms}/${during.p99Ms} ms during, ${after.p50Ms}/${after.p99Ms} ms after; longest gap ${gap.ms} ms`,
  );
  return [
    `rehearsal ${report.plan.path.join(" -> ")}: ${verdict} (${counts.acknowledgedWrites} writes, longest gap ${longestWriteGap.ms} ms, ${(report.durationMs / 1000).toFixed(1)} s)`,
    ...lines,
    ...hops,
    `  again: ${report.command}`,
    ...(html === undefined ? [] : [`  page: ${resolve(html)}`]),
    "",
  ].join("\n");
}

function list(value: string): readonly string[] {
  return value.split(",");
}

function count(value: string): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("a whole number is needed.");
}

function factor(value: string): number {
  const number = Number(value);
  if (number >= 0.1 && number <= 100) return number;
  throw new InvalidArgumentError("a number from 0.1 to 100 is needed.");
}
