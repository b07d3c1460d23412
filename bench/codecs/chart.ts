/**
 * The report as a picture: a panel per message and row, in it a dot per codec at its multiple of the best
 * peer, and a line over the range of the processes. The scale is logarithmic, because segments are far off.
 */
import type { BenchReport } from "./run.ts";
import type { Figure, Race } from "./statistics.ts";

const ROWS = ["owned", "into", "decode"] as const;
const PANEL = { width: 420, label: 192, line: 17, head: 30, foot: 22, gap: 14 };
const PEERS_SHOWN = 5;
const LEAST = 0.05;
const TICKS = [0.1, 0.3, 1, 3, 10, 30, 100];
const COLOUR = { ours: "#0b6e4f", peer: "#7a7f87", limit: "#c28b00", adapter: "#7a7f87" } as const;

export function benchChart(report: BenchReport): string {
  const cases = [...new Set(report.races.map((race) => race.case))];
  const tuned = report.races.filter(({ way }) => way === "tuned");
  let top = 46;
  const panels: string[] = [];
  for (const name of cases) {
    const races = ROWS.flatMap((row) =>
      tuned.filter((one) => one.case === name && one.row === row),
    );
    const heights = races.map((race) => PANEL.head + shown(race).length * PANEL.line + PANEL.foot);
    races.forEach((race) => {
      const left = ROWS.indexOf(race.row as (typeof ROWS)[number]) * (PANEL.width + PANEL.gap);
      panels.push(panel(race, left + PANEL.gap, top));
    });
    top += Math.max(0, ...heights) + PANEL.gap;
  }
  const width = ROWS.length * (PANEL.width + PANEL.gap) + PANEL.gap;
  const title = `Speed as a multiple of the fastest peer, ${report.processes} processes: ${report.machine}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${PANEL.gap}" y="26" font-size="15" font-weight="600">${escaped(title)}</text>`,
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

/** Ours, the bounds, and the best peers; slower peers stand in the tables. */
function shown({ figures }: Race): Figure[] {
  const sorted = figures
    .filter(({ ratio }) => Number.isFinite(ratio.median))
    .sort((a, b) => b.ratio.median - a.ratio.median);
  const peers = sorted.filter(({ group }) => group === "peer").slice(0, PEERS_SHOWN);
  return sorted.filter(
    (figure) => figure.group === "ours" || figure.group === "limit" || peers.includes(figure),
  );
}

function panel(race: Race, left: number, top: number): string {
  const figures = shown(race);
  const height = figures.length * PANEL.line;
  const grid = TICKS.map((tick) => {
    const x = place(tick);
    const colour = tick === 1 ? "#444" : "#e3e5e8";
    return [
      `<line x1="${x}" x2="${x}" y1="${PANEL.head - 6}" y2="${PANEL.head + height}" stroke="${colour}"/>`,
      `<text x="${x}" y="${PANEL.head + height + 13}" text-anchor="middle" fill="#666">${tick}</text>`,
    ].join("");
  });
  return [
    `<g transform="translate(${left} ${top})">`,
    `<text y="14" font-size="12" font-weight="600">${escaped(`${race.case}: ${race.row}`)}</text>`,
    ...grid,
    ...figures.map((figure, line) => mark(figure, PANEL.head + (line + 0.5) * PANEL.line)),
    "</g>",
  ].join("\n");
}

function mark({ name, group, ratio }: Figure, y: number): string {
  const colour = COLOUR[group];
  const weight = group === "ours" ? ' font-weight="600"' : "";
  return [
    `<text x="${PANEL.label - 8}" y="${y + 4}" text-anchor="end" fill="${colour}"${weight}>${escaped(name)}</text>`,
    `<line x1="${place(ratio.min)}" x2="${place(ratio.max)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`,
    `<circle cx="${place(ratio.median)}" cy="${y}" r="4" fill="${colour}"><title>${escaped(`${name}: ${ratio.median.toFixed(2)}`)}</title></circle>`,
  ].join("");
}

function place(ratio: number): number {
  const most = TICKS.at(-1) ?? 1;
  const clamped = Math.min(most, Math.max(LEAST, ratio));
  const share = Math.log(clamped / LEAST) / Math.log(most / LEAST);
  return Math.round((PANEL.label + share * (PANEL.width - PANEL.label - 12)) * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
