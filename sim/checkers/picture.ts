/**
 * The window of a violation as a page of its own: a row for each client, a bar for each operation
 * from its call to its return. The number is the place in the longest order that was found; what
 * found none is marked, and not by its colour alone. No script, nothing from elsewhere.
 */
import { escapeHtml } from "../../report/index.ts";
import type { WindowOperation } from "./excerpt.ts";

export interface Violation {
  /** Where the history comes from. */
  readonly title: string;
  readonly part: string;
  readonly window: readonly WindowOperation[];
}

const WIDTH = 1100;
const LEFT = 90;
const LANE = 34;
const BAR = 24;
/** Of one letter of the labels. */
const LETTER = 6.8;
/** Beyond this a picture shows nothing any more; the end is what matters. */
const SHOWN_MAX = 60;

export function violationPage(violations: readonly Violation[]): string {
  const parts = violations.map(
    (violation) =>
      `<section><h2>${escapeHtml(violation.title)}</h2>${captionOf(violation)}${pictureOf(violation.window)}${listOf(violation.window)}</section>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Not linearizable</title><style>${STYLE}</style><h1>Not linearizable</h1>${parts.join("")}</html>\n`;
}

function captionOf({ part, window }: Violation): string {
  const dropped = window.length - SHOWN_MAX;
  const note = dropped > 0 ? ` The first ${dropped} operations are left out.` : "";
  return `<p>No order of these operations on key <code>${escapeHtml(part)}</code> respects real time and explains every answer.${note}</p>`;
}

interface Bar extends WindowOperation {
  readonly x: number;
  readonly width: number;
  readonly lane: number;
}

function pictureOf(window: readonly WindowOperation[]): string {
  const shown = window.slice(-SHOWN_MAX);
  const lanes = [...new Set(shown.map(({ client }) => client))].sort((a, b) => a - b);
  const height = lanes.length * LANE + 10;
  const names = lanes.map(
    (client, lane) =>
      `<text x="4" y="${lane * LANE + 22}">client ${client}</text><path class="lane" d="M${LEFT} ${lane * LANE + LANE}H${WIDTH}"/>`,
  );
  const bars = barsOf(shown, lanes).map(drawn);
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${shown.length} operations of ${lanes.length} clients over time">${names.join("")}${bars.join("")}</svg>`;
}

/** By rank and not by time: between two moments of interest any pause may lie. */
function barsOf(window: readonly WindowOperation[], lanes: readonly number[]): readonly Bar[] {
  const stamps = window.flatMap(({ calledAt, endedAt }) =>
    endedAt === undefined ? [calledAt] : [calledAt, endedAt],
  );
  const moments = new Map([...new Set(stamps)].sort((a, b) => a - b).map((at, rank) => [at, rank]));
  const step = (WIDTH - LEFT - 10) / Math.max(1, moments.size);
  return window.map((operation) => {
    const x = LEFT + (moments.get(operation.calledAt) ?? 0) * step;
    const end =
      operation.endedAt === undefined ? WIDTH : LEFT + (moments.get(operation.endedAt) ?? 0) * step;
    return { ...operation, x, width: Math.max(6, end - x), lane: lanes.indexOf(operation.client) };
  });
}

function drawn({ x, width, lane, place, text, calledAt, endedAt }: Bar): string {
  const y = lane * LANE + 5;
  const mark = place === undefined ? "✗" : String(place);
  const label = `${mark} ${text}`;
  const room = Math.floor((width - 6) / LETTER);
  const shown = label.length <= room ? label : `${label.slice(0, Math.max(1, room - 1))}…`;
  const kind = place === undefined ? "lost" : endedAt === undefined ? "open" : "done";
  const box = `x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3"`;
  const title = `<title>${escapeHtml(`${label} [${calledAt} … ${endedAt ?? "?"}]`)}</title>`;
  return `<g>${title}<rect class="${kind}" ${box}/><text class="label" x="${(x + 4).toFixed(1)}" y="${y + 16}">${escapeHtml(shown)}</text></g>`;
}

function listOf(window: readonly WindowOperation[]): string {
  const rows = window
    .slice(-SHOWN_MAX)
    .map(({ client, text, calledAt, endedAt, place }) =>
      [place ?? "✗ none", client, calledAt, endedAt ?? "unknown", text]
        .map((cell) => `<td>${escapeHtml(String(cell))}</td>`)
        .join(""),
    );
  return `<table><tr><th>place</th><th>client</th><th>called</th><th>returned</th><th>operation</th></tr>${rows.map((row) => `<tr>${row}</tr>`).join("")}</table>`;
}

const STYLE = `:root{color-scheme:light dark;--ink:light-dark(#1b1b1b,#eee);--done:light-dark(#cfe3f7,#24435e);--open:light-dark(#eee,#444);--lost:light-dark(#ffd0c8,#7a2418)}
body{font:14px/1.45 system-ui,sans-serif;margin:24px;max-width:1150px;color:var(--ink)}svg{width:100%;font:11px ui-monospace,monospace;fill:var(--ink)}
.lane{stroke:#8884}.done{fill:var(--done)}.open{fill:var(--open);stroke:#888;stroke-dasharray:4 3}.lost{fill:var(--lost);stroke:#c00;stroke-width:2}
table{border-collapse:collapse;font:12px ui-monospace,monospace}td,th{padding:2px 10px;text-align:left;border-bottom:1px solid #8884}`;
