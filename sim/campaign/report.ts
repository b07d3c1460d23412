/** The JSON of a campaign: the common head, and what failed beside it. */
import { REPORT_SCHEMA_NAME, type ReportHead, type ReportRelease } from "../../report/index.ts";
import { type Build, cellsOf, FAULT_KINDS, type RunResult } from "../index.ts";
import type { CampaignResult } from "./campaign.ts";
import type { ShrinkResult } from "./shrink-schedule.ts";

export interface SimulationReport extends ReportHead {
  readonly kind: "simulation";
  readonly failures: readonly SimulationFailure[];
  /** Seeds whose second run differed from the first. */
  readonly unrepeatable: readonly number[];
  readonly coverage: CampaignCoverage;
  /** The smallest schedule that was found to fail as a seed did, when that was asked for. */
  readonly shrunk?: ShrunkFailure;
}

/** What the seeds have been through, and what none of them has. */
export interface CampaignCoverage {
  /** How many of each kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly faultsNever: readonly string[];
  /** In how many seeds a situation occurred, also one that only newcomers or laggards make possible. */
  readonly cells: Readonly<Record<string, number>>;
  readonly cellsNever: readonly string[];
}

/** `end`: why nothing smaller was looked for. */
export interface ShrunkFailure extends SimulationFailure {
  readonly file: string;
  readonly runs: number;
  readonly durationMs: number;
  readonly end: ShrinkResult["end"];
  readonly nodes: number;
  readonly clients: number;
  readonly faults: number;
  readonly rollSteps: number;
}

export interface SimulationFailure {
  readonly seed: number;
  readonly oracle: string;
  readonly message: string;
  readonly atMs: number;
  readonly trace: string;
  /** Runs this seed again and nothing else. */
  readonly command: string;
  readonly story: readonly string[];
}

export interface ReportInput {
  readonly campaign: CampaignResult;
  readonly asked: number;
  readonly seed: number;
  readonly durationMs: number;
  readonly command: string;
  readonly commandOf: (seed: number) => string;
  readonly releases: readonly (ReportRelease & { readonly range: Build["range"] })[];
  readonly shrunk?: ShrunkFailure | undefined;
  /** How many plans there are, when they are enumerated. */
  readonly plans: number;
}

export function makeSimulationReport(input: ReportInput): SimulationReport {
  const { campaign, asked, seed, durationMs, command, commandOf, releases, shrunk } = input;
  const { results, unrepeatable, repeated } = campaign;
  const failed = results.filter(({ verdict }) => verdict === "fail");
  const isWhole = results.length === asked && results.every(({ verdict }) => verdict !== "unknown");
  const isFailed = failed.length > 0 || unrepeatable.length > 0;
  const { counts: cellCounts, ...coverage } = coverageOf(results, releases);
  const events = sum(results, ({ events: each }) => each);
  const virtualMs = sum(results, ({ atMs }) => atMs);
  return {
    schema: REPORT_SCHEMA_NAME,
    kind: "simulation",
    // A campaign that was interrupted, or saw nothing, proves nothing.
    verdict: isFailed ? "fail" : isWhole && asked > 0 ? "pass" : "unknown",
    counts: {
      seeds: results.length,
      seedsAsked: asked,
      ...(input.plans > 0 && { plans: input.plans }),
      failed: failed.length,
      undecided: results.filter(({ verdict }) => verdict === "unknown").length,
      repeated,
      unrepeatable: unrepeatable.length,
      events,
      eventsPerSecond: Math.round((events * 1000) / Math.max(1, durationMs)),
      seedsPerMinute: Math.round((results.length * 60_000) / Math.max(1, durationMs)),
      virtualMs,
      virtualPerRealTime: Math.round((virtualMs / Math.max(1, durationMs)) * 10) / 10,
      operations: sum(results, ({ operations }) => operations),
      starts: sum(results, ({ starts }) => starts),
      faults: sum(results, ({ faults }) => faults),
      digestsCompared: sum(results, ({ digestsCompared }) => digestsCompared),
      diskScans: sum(results, ({ diskScans }) => diskScans),
      ...cellCounts,
    },
    durationMs,
    command,
    seed,
    releases: releases.map(({ name, digest }) => ({ name, digest })),
    failures: failed.map((result) => makeFailure(result, commandOf(result.seed))),
    unrepeatable,
    coverage,
    ...(shrunk && { shrunk }),
  };
}

/** `command` runs this one again and nothing else. */
export function makeFailure(result: RunResult, command: string): SimulationFailure {
  const { seed, oracle = "ALIVE", message = "", atMs, trace, story = [] } = result;
  return { seed, oracle, message, atMs, trace, command, story };
}

function coverageOf(
  results: readonly RunResult[],
  releases: ReportInput["releases"],
): CampaignCoverage & { readonly counts: Readonly<Record<string, number>> } {
  const faults = new Map<string, number>();
  const cells = new Map<string, number>();
  for (const { coverage } of results) {
    for (const [kind, count] of Object.entries(coverage.faults))
      faults.set(kind, (faults.get(kind) ?? 0) + count);
    for (const cell of coverage.cells) cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  const possible = releases.slice(1).flatMap((to, place) => {
    const from = releases[place];
    return from ? cellsOf(from.range, to.range, `${from.name}>${to.name}`) : [];
  });
  const cellsNever = possible.filter((cell) => !cells.has(cell));
  const cellsVisited = possible.length - cellsNever.length;
  return {
    faults: Object.fromEntries([...faults].sort()),
    faultsNever: FAULT_KINDS.filter((kind) => !faults.has(kind)),
    cells: Object.fromEntries([...cells].sort()),
    cellsNever,
    counts: {
      cellsVisited,
      cellsNever: cellsNever.length,
      cellsBesides: cells.size - cellsVisited,
    },
  };
}

function sum(results: readonly RunResult[], of: (result: RunResult) => number): number {
  return results.reduce((total, result) => total + of(result), 0);
}
