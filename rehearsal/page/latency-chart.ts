/** Write latency over time on a logarithmic scale, because an outage is a thousand calls long; times without any write are shaded. */
import { type Html, html } from "../../report/index.ts";
import type { ChartPoint, RehearsalReport } from "../report.ts";
import { GUTTER, round, type TimeScale, WIDTH } from "./scale.ts";
import { axis } from "./timeline.ts";

const HEIGHT = 190;
const TOP = 10;
const BOTTOM = 160;
const LINES_MS = [0.1, 1, 10, 100, 1_000, 10_000];

export function latencyChart(report: RehearsalReport, scale: TimeScale): Html {
  const { chart } = report;
  const width = (chart[1]?.atMs ?? 1) - (chart[0]?.atMs ?? 0);
  const highest = Math.max(1, ...chart.map(({ maxMs }) => maxMs));
  const top = LINES_MS.find((line) => line >= highest) ?? highest;
  const y = (ms: number): number => {
    const share = Math.log10(Math.max(ms, 0.1) / 0.1) / Math.log10(top / 0.1);
    return round(BOTTOM - share * (BOTTOM - TOP));
  };
  const gap = report.longestWriteGap;
  return html`<div class="scroll"><svg class="drawing" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-label="Write latency over time: the same facts are in the table below">
${LINES_MS.filter((line) => line <= top).map((line) => gridLine(line, y(line)))}
${silences(chart, width, scale)}
<path class="maximum" d="${path(chart, scale, y, ({ maxMs }) => maxMs)}"/>
<path class="median" d="${path(chart, scale, y, ({ medianMs }) => medianMs)}"/>
<rect class="gap" x="${scale.x(gap.at)}" y="${BOTTOM + 1}" width="${round(Math.max(2, scale.x(gap.at + gap.ms) - scale.x(gap.at)))}" height="6"><title>longest time without an acknowledged write: ${gap.ms} ms</title></rect>
${axis(scale, HEIGHT - 4)}</svg></div>
<p class="faint">Upper line: slowest write of each moment. Lower line: median. Shaded: no write was acknowledged. Red bar: the longest such time, ${gap.ms} ms.</p>`;
}

function gridLine(ms: number, y: number): Html {
  return html`<line class="grid" x1="${GUTTER}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text class="tick" x="4" y="${y + 4}">${ms} ms</text>`;
}

function silences(chart: readonly ChartPoint[], width: number, scale: TimeScale): Html[] {
  const first = chart.findIndex(({ writes }) => writes > 0);
  const last = chart.findLastIndex(({ writes }) => writes > 0);
  return chart.slice(first, last).flatMap(({ atMs, writes }) => {
    if (writes > 0) return [];
    const x = scale.x(atMs);
    const right = scale.x(atMs + width);
    return [
      html`<rect class="silence" x="${x}" y="${TOP}" width="${round(right - x)}" height="${BOTTOM - TOP}"/>`,
    ];
  });
}

/** A line with holes: where nothing was measured, nothing is drawn. */
function path(
  chart: readonly ChartPoint[],
  scale: TimeScale,
  y: (ms: number) => number,
  read: (point: ChartPoint) => number,
): string {
  let isDrawing = false;
  return chart
    .flatMap((point) => {
      const move = isDrawing ? "L" : "M";
      isDrawing = point.writes > 0;
      return isDrawing ? [`${move}${scale.x(point.atMs)} ${y(read(point))}`] : [];
    })
    .join("");
}
