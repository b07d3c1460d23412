/** The JSON of a rehearsal: the common head, and beside it what the page shows. Times are milliseconds since the start. */
import { REPORT_SCHEMA_NAME, type ReportHead, type ReportVerdict } from "../report/index.ts";
import type { Evidence } from "./evidence.ts";
import type { OracleResult } from "./judge.ts";
import type { RecordedOperation } from "./load/load.ts";
import type { RehearsalOptions } from "./options.ts";
import {
  type Gap,
  type LatencySummary,
  longestGap,
  summarizeLatency,
  type Timed,
} from "./oracles/latency.ts";
import { describeStep, type Plan } from "./plan/index.ts";

export interface RehearsalReport extends ReportHead {
  readonly kind: "rehearsal";
  readonly plan: Plan;
  readonly oracles: readonly OracleResult[];
  readonly steps: readonly StepReport[];
  readonly lives: readonly LifeReport[];
  readonly leaders: readonly {
    readonly node: number;
    readonly term: number;
    readonly fromMs: number;
    readonly untilMs: number;
  }[];
  readonly activations: readonly { readonly version: number; readonly atMs: number }[];
  readonly hops: readonly HopReport[];
  readonly longestWriteGap: Gap;
  /** Acknowledged writes by the time of their answer. */
  readonly chart: readonly ChartPoint[];
  readonly clientProblems: readonly { readonly problem: string; readonly count: number }[];
}

export interface StepReport {
  readonly number: number;
  readonly hop: number;
  readonly kind: string;
  readonly text: string;
  readonly startedMs: number;
  readonly tookMs: number;
  readonly outcome: "ok" | "failed" | "skipped";
  readonly note: string;
}

export interface LifeReport {
  readonly node: number;
  readonly release: string;
  readonly fromMs: number;
  readonly readyMs: number | undefined;
  readonly untilMs: number;
  readonly end: string;
}

export interface HopReport {
  readonly hop: number;
  readonly from: string;
  readonly to: string;
  readonly before: LatencySummary;
  readonly during: LatencySummary;
  readonly after: LatencySummary;
  readonly longestWriteGap: Gap;
}

export interface ChartPoint {
  readonly atMs: number;
  readonly writes: number;
  readonly maxMs: number;
  readonly medianMs: number;
}

const CHART_POINTS_MAX = 240;
/** Less than this holds no write by chance alone. */
const CHART_POINT_MIN = 100_000;

export function makeReport(
  options: RehearsalOptions,
  evidence: Evidence,
  oracles: readonly OracleResult[],
  endedAt: number,
): RehearsalReport {
  const { plan, command, releases } = options;
  const ms = (at: number): number => Math.round((at - evidence.startedAt) / 10) / 100;
  const writes = writesOf(evidence.operations);
  const [from, until] = [writes[0]?.answeredAt ?? 0, writes.at(-1)?.answeredAt ?? 0];
  return {
    schema: REPORT_SCHEMA_NAME,
    kind: "rehearsal",
    verdict: verdictOf(oracles),
    counts: countsOf(evidence, oracles, writes.length),
    durationMs: ms(endedAt),
    command,
    seed: plan.seed,
    releases: releases.map(({ name, digest }) => ({ name, digest })),
    plan,
    oracles,
    steps: stepsOf(evidence, ms),
    lives: livesOf(evidence, endedAt, ms),
    leaders: evidence.leaders.map(({ node, term, from: since, until: to }) => ({
      node,
      term,
      fromMs: ms(since),
      untilMs: ms(to),
    })),
    activations: evidence.activations.map(({ version, at }) => ({ version, atMs: ms(at) })),
    hops: hopsOf(plan, evidence, writes, ms),
    longestWriteGap: sinceStart(longestGap(writes, from, until), ms),
    chart: chartOf(writes, evidence.startedAt, endedAt),
    clientProblems: [...evidence.clientProblems].map(([problem, count]) => ({ problem, count })),
  };
}

function verdictOf(oracles: readonly OracleResult[]): ReportVerdict {
  if (oracles.some(({ verdict }) => verdict === "fail")) return "fail";
  return oracles.some(({ verdict }) => verdict === "unknown") ? "unknown" : "pass";
}

function countsOf(
  evidence: Evidence,
  oracles: readonly OracleResult[],
  writes: number,
): Record<string, number> {
  const { operations, digests, lives } = evidence;
  return {
    steps: evidence.steps.filter(({ outcome }) => outcome === "ok").length,
    operations: operations.length,
    acknowledgedWrites: writes,
    unknownOutcomes: operations.filter(({ outcome }) => outcome === undefined).length,
    starts: lives.length,
    randomKills: evidence.randomKills,
    digestsCompared: digests.compared,
    digestsNotComparable: digests.notComparable,
    decodeErrors: [...evidence.decodeErrors.values()].reduce((sum, value) => sum + value, 0),
    statusRows: evidence.statusRows,
    staleRows: evidence.staleRows,
    failedOracles: oracles.filter(({ verdict }) => verdict === "fail").length,
  };
}

function writesOf(operations: readonly RecordedOperation[]): Timed[] {
  return operations
    .flatMap(({ input, calledAt, outcome }): Timed[] =>
      outcome === undefined || input.kind === "get" ? [] : [{ calledAt, answeredAt: outcome.at }],
    )
    .sort((a, b) => a.answeredAt - b.answeredAt);
}

function stepsOf(evidence: Evidence, ms: (at: number) => number): StepReport[] {
  return evidence.steps.map(({ step, startedAt, endedAt, outcome, note }, index) => ({
    number: index + 1,
    hop: step.hop,
    kind: step.kind,
    text: describeStep(step),
    startedMs: ms(startedAt),
    tookMs: Math.round((endedAt - startedAt) / 1000),
    outcome,
    note,
  }));
}

function livesOf(evidence: Evidence, endedAt: number, ms: (at: number) => number): LifeReport[] {
  return evidence.lives.map(({ node, release, startedAt, readyAt, endedAt: died, exit }) => ({
    node,
    release,
    fromMs: ms(startedAt),
    readyMs: readyAt === undefined ? undefined : ms(readyAt),
    untilMs: ms(died ?? endedAt),
    end: exit === undefined ? "runs" : (exit.orderedBy ?? "nobody ordered it"),
  }));
}

/** `during` lasts from the first step behind the quiet time before the hop to the last node that was replaced. */
function hopsOf(
  plan: Plan,
  evidence: Evidence,
  writes: readonly Timed[],
  ms: (at: number) => number,
): HopReport[] {
  return plan.path.slice(1).flatMap((to, index): HopReport[] => {
    const steps = evidence.steps.filter(({ step }) => step.hop === index + 1);
    const phase = (name: string) =>
      steps.find(({ step }) => step.kind === "observe" && step.phase === name);
    const [before, after] = [phase("before"), phase("after")];
    const lastReplaced = steps.findLast(({ step }) => step.kind === "awaitHealthy");
    if (before === undefined || after === undefined || lastReplaced === undefined) return [];
    const [from, until] = [before.endedAt, lastReplaced.endedAt];
    return [
      {
        hop: index + 1,
        from: plan.path[index] ?? "",
        to,
        before: summarizeLatency(writes, before.startedAt, before.endedAt),
        during: summarizeLatency(writes, from, until),
        after: summarizeLatency(writes, after.startedAt, after.endedAt),
        longestWriteGap: sinceStart(longestGap(writes, from, until), ms),
      },
    ];
  });
}

function sinceStart(gap: Gap, ms: (at: number) => number): Gap {
  return { ms: gap.ms, at: ms(gap.at) };
}

function chartOf(writes: readonly Timed[], from: number, until: number): ChartPoint[] {
  const width = Math.max(CHART_POINT_MIN, (until - from) / CHART_POINTS_MAX);
  const groups = Map.groupBy(writes, ({ answeredAt }) => Math.floor((answeredAt - from) / width));
  return Array.from({ length: Math.ceil((until - from) / width) }, (_, index) => {
    const latencies = (groups.get(index) ?? [])
      .map(({ calledAt, answeredAt }) => (answeredAt - calledAt) / 1000)
      .sort((a, b) => a - b);
    return {
      atMs: Math.round((index * width) / 1000),
      writes: latencies.length,
      maxMs: Math.round((latencies.at(-1) ?? 0) * 100) / 100,
      medianMs: Math.round((latencies[latencies.length >> 1] ?? 0) * 100) / 100,
    };
  });
}
