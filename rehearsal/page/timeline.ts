/** One lane for each node: which release ran when, how it ended, and when the node led. */
import { type Html, html } from "../../report/index.ts";
import type { LifeReport, RehearsalReport } from "../report.ts";
import { GUTTER, round, type TimeScale, ticks, WIDTH } from "./scale.ts";

const TOP = 34;
const LANE = 46;
const BAND = 24;

export function timeline(report: RehearsalReport, scale: TimeScale): Html {
  const nodes = Array.from({ length: report.plan.nodes }, (_, index) => index + 1);
  const height = TOP + nodes.length * LANE + 26;
  return html`<div class="scroll"><svg class="drawing" role="img" viewBox="0 0 ${WIDTH} ${height}" aria-label="Timeline of the nodes: the same facts are in the tables below">
${moments(report, scale, height)}
${nodes.map((node) => lane(report, scale, node, TOP + (node - 1) * LANE))}
${axis(scale, height - 8)}</svg></div>`;
}

/** Where a hop begins, and where a wire version became active. */
function moments(report: RehearsalReport, scale: TimeScale, height: number): Html[] {
  const hops = report.hops.flatMap(({ hop, from, to }) => {
    const first = report.steps.find((step) => step.hop === hop);
    return first === undefined
      ? []
      : [{ ms: first.startedMs, text: `${from} → ${to}`, name: "hop" }];
  });
  const activations = report.activations.map(({ version, atMs }) => ({
    ms: atMs,
    text: `v${version} active`,
    name: "activation",
  }));
  return [...hops, ...activations].map(({ ms, text, name }) => {
    const x = scale.x(ms);
    const y = name === "hop" ? 12 : 26;
    return html`<line class="${name}" x1="${x}" x2="${x}" y1="${y}" y2="${height - 22}"/><text x="${x + 3}" y="${y}">${text}</text>`;
  });
}

function lane(report: RehearsalReport, scale: TimeScale, node: number, y: number): Html {
  const lives = report.lives.filter((life) => life.node === node);
  const leading = report.leaders.filter((span) => span.node === node);
  return html`<text class="name" x="4" y="${y + 16}">node ${node}</text>
${lives.map((life) => band(report, scale, life, y))}
${lives.map((life) => endMark(life, scale.x(life.untilMs), y))}
${leading.map(({ term, fromMs, untilMs }) => {
  const x = scale.x(fromMs);
  const width = round(Math.max(2, scale.x(untilMs) - x));
  return html`<rect class="leader" x="${x}" y="${y + BAND + 2}" width="${width}" height="5"><title>leader in term ${term}, ${seconds(fromMs)} to ${seconds(untilMs)}</title></rect>`;
})}`;
}

function band(report: RehearsalReport, scale: TimeScale, life: LifeReport, y: number): Html {
  const [from, until] = [scale.x(life.fromMs), scale.x(life.untilMs)];
  const ready = scale.x(life.readyMs ?? life.untilMs);
  const colour = report.plan.releases.findIndex(({ name }) => name === life.release) % 6;
  const about = `${life.release}, ${seconds(life.fromMs)} to ${seconds(life.untilMs)}, ends by: ${life.end}`;
  return html`<g><title>${about}</title>
<rect class="starting" x="${from}" y="${y}" width="${round(Math.max(0, ready - from))}" height="${BAND}"/>
<rect class="release-${colour}" x="${ready}" y="${y}" width="${round(Math.max(1, until - ready))}" height="${BAND}"/>
${until - ready > 24 && html`<text class="label" x="${ready + 5}" y="${y + 16}">${life.release}</text>`}</g>`;
}

/** A cross for a kill, a bar for a stop, an exclamation mark for an end that nobody ordered. */
function endMark({ end }: LifeReport, x: number, y: number): Html | undefined {
  if (end === "runs" || end === "the end of the run") return undefined;
  const sign = /kill/i.test(end) ? "✕" : end.includes("SIGTERM") ? "┃" : "!";
  return html`<text class="end" x="${x - 4}" y="${y + 17}">${sign}</text>`;
}

export function axis(scale: TimeScale, y: number): Html {
  return html`<line class="axis" x1="${GUTTER}" x2="${WIDTH}" y1="${y - 14}" y2="${y - 14}"/>
${ticks(scale).map((ms) => html`<text class="tick" x="${scale.x(ms)}" y="${y}">${ms / 1000} s</text>`)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
