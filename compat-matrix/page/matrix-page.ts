/** The matrix as one page: a map of writers and readers; each cell opens to its bytes. */
import { html, htmlPage, section, table, tiles } from "../../report/index.ts";
import type { Participant } from "../cells/matrix.ts";
import type { MatrixReport } from "../matrix-report.ts";
import type { Cell } from "../verdict.ts";
import { makePageData } from "./page-data.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";

export function matrixPage(
  report: MatrixReport,
  cells: readonly Cell[],
  participants: readonly Participant[],
): string {
  return htmlPage({
    head: report,
    title: "Compatibility matrix",
    summary: summaryOf(report),
    body: [countTiles(report), mapSection(), countTable(report)],
    style: PAGE_STYLE,
    embedded: { matrix: makePageData(cells, participants) },
    script: PAGE_SCRIPT,
  });
}

function summaryOf({ counts, releases }: MatrixReport): string {
  const names = releases.map(({ name }) => name).join(", ");
  const ending = counts.broken === 0 ? "nothing is broken" : `${counts.broken} of them are broken`;
  return `${counts.cells} cells over ${names}: ${ending}.`;
}

function countTiles({ counts }: MatrixReport) {
  return tiles([
    { label: "cells", value: counts.cells },
    { label: "= exact", value: counts.exact, tone: "good" },
    { label: "~ declared loss", value: counts.declaredLoss, tone: "note" },
    { label: "/ clean refusal", value: counts.cleanRefusal, tone: "warn" },
    { label: "! broken", value: counts.broken, tone: counts.broken === 0 ? "plain" : "bad" },
  ]);
}

/** Filled by the script; without one, the table of counts below still tells the result. */
function mapSection() {
  return section(
    "Who reads whom",
    html`<p class="faint">Rows wrote the bytes, columns read them and wrote them back at their version. The sign and colour are the worst verdict of the pair. Choose a pair, then a case, to see its bytes.</p>
<div class="controls" id="kinds" role="group" aria-label="kind of cell"></div>
<div class="controls" id="verdicts" role="group" aria-label="verdict"></div>
<div class="scroll" id="map"></div><div class="work"><div id="pair"></div><div id="cell" aria-live="polite"></div></div>
<noscript><p>The map needs the script of this page; nothing is loaded from elsewhere.</p></noscript>`,
  );
}

function countTable({ byKind }: MatrixReport) {
  const rows = Object.entries(byKind).map(([kind, counts]) => [
    kind,
    counts.cells,
    counts.exact,
    counts.declaredLoss,
    counts.cleanRefusal,
    counts.broken,
  ]);
  const columns = ["kind", "cells", "exact", "declared loss", "clean refusal", "broken"];
  return section("By kind", table({ columns, rows, numeric: [1, 2, 3, 4, 5] }));
}
