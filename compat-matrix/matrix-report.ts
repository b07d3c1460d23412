/** The report of a matrix run: the common head, the counts by kind, and every broken cell with its bytes. */

import { toHex } from "../codecs/index.ts";
import { REPORT_SCHEMA_NAME, type ReportHead, type ReportRelease } from "../report/index.ts";
import { type CellCounts, countCells } from "./run-cells.ts";
import type { Cell, CellKind, Side, Victim } from "./verdict.ts";

export interface MatrixReport extends ReportHead {
  readonly kind: "matrix";
  readonly counts: Readonly<Record<keyof CellCounts, number>>;
  readonly byKind: Readonly<Partial<Record<CellKind, CellCounts>>>;
  readonly broken: readonly BrokenCell[];
  /** Programs that took part beside the releases. */
  readonly hosts?: readonly ReportHost[];
}

export interface ReportHost {
  readonly name: string;
  /** What it says that it is. */
  readonly program: string;
}

export interface BrokenCell {
  readonly kind: CellKind;
  readonly message: string;
  readonly case: string;
  readonly writer: Side;
  readonly reader: Side;
  readonly through?: Side;
  readonly victim: Victim;
  readonly reason: string;
  /** Place in the value, where one is known. */
  readonly path?: string;
  /** What the reader was given, and what it wrote, in hex. */
  readonly bytes: string;
  readonly rewritten?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

export interface RunFacts {
  readonly durationMs: number;
  readonly command: string;
  readonly releases: readonly ReportRelease[];
  readonly hosts?: readonly ReportHost[];
}

/** Nothing checked is not a pass. */
export function makeMatrixReport(cells: readonly Cell[], facts: RunFacts): MatrixReport {
  const counts = { ...countCells(cells) };
  const kinds = [...new Set(cells.map(({ kind }) => kind))];
  return {
    schema: REPORT_SCHEMA_NAME,
    kind: "matrix",
    verdict: verdictOf(counts),
    counts,
    ...facts,
    byKind: Object.fromEntries(
      kinds.map((kind) => [kind, countCells(cells.filter((cell) => cell.kind === kind))]),
    ),
    broken: cells.filter(({ verdict }) => verdict === "broken").map(brokenCell),
  };
}

function verdictOf({ cells, broken }: CellCounts): ReportHead["verdict"] {
  if (cells === 0) return "unknown";
  return broken === 0 ? "pass" : "fail";
}

function brokenCell(cell: Cell): BrokenCell {
  const { kind, message, case: name, writer, reader, through, victim, reason, path } = cell;
  return {
    kind,
    message,
    case: name,
    writer,
    reader,
    ...(through && { through }),
    victim,
    reason,
    ...(path !== undefined && { path }),
    bytes: toHex(cell.bytes),
    ...(cell.rewritten && { rewritten: toHex(cell.rewritten) }),
    expected: cell.expected,
    actual: cell.actual,
  };
}
