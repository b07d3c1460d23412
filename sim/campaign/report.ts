/** The JSON of a campaign: the common head, and what failed beside it. */
import { REPORT_SCHEMA_NAME, type ReportHead, type ReportRelease } from "../../report/index.ts";
import type { RunResult } from "../index.ts";
import type { CampaignResult } from "./campaign.ts";

export interface SimulationReport extends ReportHead {
  readonly kind: "simulation";
  readonly failures: readonly SimulationFailure[];
  /** Seeds whose second run differed from the first. */
  readonly unrepeatable: readonly number[];
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
  readonly releases: readonly ReportRelease[];
}

export function makeSimulationReport(input: ReportInput): SimulationReport {
  const { campaign, asked, seed, durationMs, command, commandOf, releases } = input;
  const { results, unrepeatable, repeated } = campaign;
  const failed = results.filter(({ verdict }) => verdict === "fail");
  const isWhole = results.length === asked && results.every(({ verdict }) => verdict !== "unknown");
  const isFailed = failed.length > 0 || unrepeatable.length > 0;
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
    },
    durationMs,
    command,
    seed,
    releases: releases.map(({ name, digest }) => ({ name, digest })),
    failures: failed.map(
      ({ seed: each, oracle = "ALIVE", message = "", atMs, trace, story = [] }) => ({
        seed: each,
        oracle,
        message,
        atMs,
        trace,
        command: commandOf(each),
        story,
      }),
    ),
    unrepeatable,
  };
}

function sum(results: readonly RunResult[], of: (result: RunResult) => number): number {
  return results.reduce((total, result) => total + of(result), 0);
}
