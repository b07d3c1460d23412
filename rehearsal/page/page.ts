/** A rehearsal as one page: what happened when, what it cost the clients, and what the oracles say. */
import {
  disclosure,
  type Html,
  html,
  htmlPage,
  section,
  type Tone,
  table,
  tiles,
} from "../../report/index.ts";
import type { OracleResult } from "../judge.ts";
import type { HopReport, RehearsalReport, StepReport } from "../report.ts";
import { latencyChart } from "./latency-chart.ts";
import { timeScale } from "./scale.ts";
import { STYLE } from "./style.ts";
import { timeline } from "./timeline.ts";

export function rehearsalPage(report: RehearsalReport): string {
  const scale = timeScale(report.durationMs);
  const { path, nodes } = report.plan;
  return htmlPage({
    head: report,
    title: `Rehearsal ${path.join(" → ")}`,
    summary: summary(report),
    style: STYLE,
    body: [
      overview(report),
      section("Oracles", oracleTable(report.oracles)),
      section(`${nodes} nodes`, [legend(report), timeline(report, scale)]),
      section("Writes", [latencyChart(report, scale), hopTable(report.hops)]),
      section("Plan", stepList(report)),
      report.clientProblems.length > 0 && section("What clients reported", problemTable(report)),
    ],
  });
}

function summary(report: RehearsalReport): string {
  const failed = report.oracles.filter(({ verdict }) => verdict !== "pass");
  if (failed.length === 0)
    return "Every node was replaced under load; nothing acknowledged was lost, and every oracle agrees.";
  return `Not proven: ${failed.map(({ oracle }) => oracle).join(", ")}.`;
}

function overview({ counts, longestWriteGap }: RehearsalReport): Html {
  const {
    acknowledgedWrites = 0,
    unknownOutcomes = 0,
    starts = 0,
    digestsCompared = 0,
    decodeErrors = 0,
  } = counts;
  return tiles([
    { label: "acknowledged writes", value: acknowledgedWrites },
    { label: "unknown outcomes", value: unknownOutcomes },
    { label: "longest write gap", value: `${Math.round(longestWriteGap.ms)} ms` },
    { label: "node starts", value: starts },
    { label: "digests compared", value: digestsCompared },
    { label: "decode errors", value: decodeErrors, tone: decodeErrors > 0 ? "bad" : "good" },
  ]);
}

const TONES: Readonly<Record<string, Tone>> = {
  pass: "good",
  ok: "good",
  fail: "bad",
  failed: "bad",
  unknown: "warn",
  skipped: "note",
};

function badge(verdict: string): Html {
  return html`<span class="verdict ${TONES[verdict] ?? "plain"}">${verdict}</span>`;
}

function oracleTable(oracles: readonly OracleResult[]): Html {
  return table({
    columns: ["verdict", "claim", "looked at"],
    rows: oracles.map(({ oracle, verdict, detail, lines }) => [
      badge(verdict),
      oracle,
      html`${detail}${lines.length > 0 && html`<pre>${lines.join("\n")}</pre>`}`,
    ]),
  });
}

function legend({ plan }: RehearsalReport): Html {
  const names = plan.releases.map(
    ({ name, min, max }, index) =>
      html`<li><span class="swatch release-${index % 6}"></span>${name} reads ${min === max ? `${min}` : `${min} to ${max}`}</li>`,
  );
  return html`<ul class="legend">${names}<li><span class="swatch leader"></span>leads</li><li>✕ killed</li><li>┃ stopped</li><li>! ended by itself</li></ul>`;
}

function hopTable(hops: readonly HopReport[]): Html {
  const row = (hop: HopReport, phase: "before" | "during" | "after") => {
    const { count, p50Ms, p95Ms, p99Ms, maxMs } = hop[phase];
    const gap = phase === "during" ? hop.longestWriteGap.ms.toFixed(0) : "";
    const name = phase === "before" ? `${hop.from} → ${hop.to}` : "";
    return [name, phase, count, ...[p50Ms, p95Ms, p99Ms, maxMs].map((ms) => ms.toFixed(1)), gap];
  };
  return table({
    caption: "Latency of acknowledged writes, milliseconds",
    columns: ["hop", "phase", "writes", "p50", "p95", "p99", "longest", "longest gap"],
    rows: hops.flatMap((hop) => [row(hop, "before"), row(hop, "during"), row(hop, "after")]),
    numeric: [2, 3, 4, 5, 6, 7],
  });
}

function stepList(report: RehearsalReport): Html[] {
  const byHop = Map.groupBy(report.steps, ({ hop }) => hop);
  return [...byHop].map(([hop, steps]) => {
    const name =
      hop === 0
        ? "Before the first hop"
        : `Hop ${hop}: ${report.plan.path[hop - 1]} → ${report.plan.path[hop]}`;
    const failed = steps.filter(({ outcome }) => outcome !== "ok").length;
    const title = `${name} (${steps.length} steps${failed > 0 ? `, ${failed} not carried out` : ""})`;
    return disclosure(title, stepTable(steps), failed > 0);
  });
}

function stepTable(steps: readonly StepReport[]): Html {
  return table({
    columns: ["", "at", "took", "step", "", "seen"],
    rows: steps.map(({ number, startedMs, tookMs, text, outcome, note }) => [
      number,
      `${(startedMs / 1000).toFixed(1)} s`,
      `${tookMs} ms`,
      text,
      badge(outcome),
      note,
    ]),
    numeric: [0, 1, 2],
  });
}

function problemTable({ clientProblems }: RehearsalReport): Html {
  return table({
    caption: "Calls that ended without an answer",
    columns: ["times", "problem"],
    rows: clientProblems.map(({ problem, count }) => [count, problem]),
    numeric: [0],
  });
}
