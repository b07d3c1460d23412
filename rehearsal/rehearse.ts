/** Carries out a plan on real processes and judges what happened. Whatever happens, nothing is left behind. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { Chaos } from "./chaos.ts";
import { Cluster, type ClusterEvent, describeExit } from "./cluster/cluster.ts";
import { Observer } from "./cluster/observer.ts";
import { Workspace } from "./cluster/workspace.ts";
import { Evidence } from "./evidence.ts";
import { judge } from "./judge.ts";
import { nowMicroseconds } from "./load/messages.ts";
import {
  CouldNotRun,
  type RehearsalOptions,
  type RehearsalRelease,
  StepFailed,
} from "./options.ts";
import { describeStep, type Step } from "./plan/index.ts";
import { makeReport, type RehearsalReport } from "./report.ts";
import type { StepContext } from "./steps/context.ts";
import { executeStep } from "./steps/index.ts";
import { abandonLoad } from "./steps/load.ts";

export async function rehearse(options: RehearsalOptions): Promise<RehearsalReport> {
  const releases = releasesByName(options);
  const { plan, captureFolder } = options;
  if (captureFolder !== undefined) mkdirSync(captureFolder, { recursive: true });
  const evidence = new Evidence(nowMicroseconds());
  const workspace = new Workspace();
  try {
    const clusterId = randomBytes(16).toString("hex");
    const cluster = await Cluster.prepare({
      workspace,
      clusterId,
      nodes: plan.nodes,
      releases,
      ...(captureFolder === undefined ? {} : { captureFolder }),
      onEvent: (event) => onClusterEvent(options, evidence, event),
    });
    const observer = new Observer(cluster, evidence);
    const context: StepContext = {
      plan,
      options,
      releases,
      clusterId,
      workspace,
      cluster,
      observer,
      evidence,
      goals: new Map(),
      load: undefined,
      retiring: undefined,
      generations: 0,
    };
    await carryOut(context);
    const endedAt = nowMicroseconds();
    options.onProgress("judging the history");
    return makeReport(options, evidence, judge(plan, evidence), endedAt);
  } finally {
    await workspace.close();
  }
}

async function carryOut(context: StepContext): Promise<void> {
  const { observer, plan, options, cluster, evidence } = context;
  const { killEveryMs: everyMs } = options;
  const chaos =
    everyMs === undefined ? undefined : new Chaos(cluster, evidence, { everyMs, seed: plan.seed });
  observer.open();
  try {
    let hasFailed = false;
    for (const step of plan.steps) {
      if (hasFailed && !isWorthwhile(context, step)) skipStep(context, step);
      else hasFailed = !(await runStep(context, step)) || hasFailed;
      if (step.kind === "startLoad") chaos?.open();
      if (step.kind === "stopLoad") await chaos?.close();
    }
  } finally {
    await chaos?.close();
    await abandonLoad(context);
    await observer.readCounters();
    await observer.close();
  }
}

/** After a failure too, the last values tell whether anything was lost; a majority is needed to read them. */
function isWorthwhile({ cluster, plan }: StepContext, step: Step): boolean {
  return step.kind === "stopLoad" && cluster.running.length > plan.nodes / 2;
}

/** False when the step failed: the rest of the plan would prove nothing. */
async function runStep(context: StepContext, step: Step): Promise<boolean> {
  const { options, evidence, plan } = context;
  options.signal?.throwIfAborted();
  const startedAt = nowMicroseconds();
  const text = `${evidence.steps.length + 1}/${plan.steps.length} ${describeStep(step)}`;
  try {
    const note = await executeStep(context, step);
    record(context, { step, startedAt, outcome: "ok", note });
    options.onProgress(`${text}: ${note} (${took(startedAt)} s)`);
    return true;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    record(context, { step, startedAt, outcome: "failed", note: error.message });
    evidence.find(
      "step",
      `step ${evidence.steps.length} (${describeStep(step)}): ${error.message}`,
    );
    options.onProgress(`${text}: FAILED, ${error.message} (${took(startedAt)} s)`);
    return false;
  }
}

function skipStep(context: StepContext, step: Step): void {
  record(context, {
    step,
    startedAt: nowMicroseconds(),
    outcome: "skipped",
    note: "a step before it failed",
  });
}

function record(
  { evidence }: StepContext,
  entry: { step: Step; startedAt: number; outcome: "ok" | "failed" | "skipped"; note: string },
): void {
  evidence.steps.push({ ...entry, endedAt: nowMicroseconds() });
}

function onClusterEvent(options: RehearsalOptions, evidence: Evidence, event: ClusterEvent): void {
  const { node, release } = event;
  const at = nowMicroseconds();
  if (event.kind === "start") {
    evidence.lives.push({ node, release, startedAt: at });
    return;
  }
  const life = evidence.lives.findLast((each) => each.node === node);
  if (life === undefined) return;
  if (event.kind === "ready") {
    life.readyAt = at;
    return;
  }
  life.endedAt = at;
  life.exit = event.exit;
  if (event.exit.orderedBy !== undefined || life.readyAt === undefined) return;
  const text = `node ${node} (${release}) ended by itself: ${describeExit(event.exit)}`;
  evidence.find("processes", text);
  options.onProgress(text);
}

function releasesByName({ plan, releases }: RehearsalOptions): Map<string, RehearsalRelease> {
  const byName = new Map(releases.map((release) => [release.name, release]));
  for (const { name, min, max } of plan.releases) {
    const release = byName.get(name);
    if (release === undefined)
      throw new CouldNotRun(`Cannot run plan: release "${name}" is not loaded`);
    if (release.range.min !== min || release.range.max !== max)
      throw new CouldNotRun(
        `Cannot run plan: it says ${name} reads ${min} to ${max}, the release itself says ${release.range.min} to ${release.range.max}`,
      );
  }
  return byName;
}

function took(startedAt: number): string {
  return ((nowMicroseconds() - startedAt) / 1_000_000).toFixed(1);
}
