/** Runs all kinds of cells in a fixed order and counts how they end. */
import type { CapturedFrame } from "./bytes/capture-file.ts";
import { capturedCells } from "./cells/captured.ts";
import { clientServerCells } from "./cells/client-server.ts";
import { directCells } from "./cells/direct.ts";
import { helloCells } from "./cells/hello.ts";
import type { CellGroups, Matrix } from "./cells/matrix.ts";
import { relayCells } from "./cells/relay.ts";
import type { Cell, Verdict } from "./verdict.ts";

export interface CellCounts {
  readonly cells: number;
  readonly exact: number;
  readonly declaredLoss: number;
  readonly cleanRefusal: number;
  readonly broken: number;
}

export interface RunOptions {
  readonly captured?: readonly CapturedFrame[];
  /** Called after each group of cells. */
  readonly onCells?: (cells: readonly Cell[], counts: CellCounts) => void;
}

export async function runCells(matrix: Matrix, options: RunOptions = {}): Promise<Cell[]> {
  const cells: Cell[] = [];
  const sources: readonly CellGroups[] = [
    directCells(matrix),
    relayCells(matrix),
    helloCells(matrix),
    clientServerCells(matrix),
    capturedCells(matrix, options.captured ?? []),
  ];
  for (const source of sources) {
    for await (const group of source) {
      cells.push(...group);
      options.onCells?.(group, countCells(cells));
    }
  }
  return cells;
}

const COUNTED: Readonly<Record<Verdict, keyof CellCounts>> = {
  exact: "exact",
  "declared-loss": "declaredLoss",
  "clean-refusal": "cleanRefusal",
  broken: "broken",
};

export function countCells(cells: readonly Cell[]): CellCounts {
  const counts = { cells: cells.length, exact: 0, declaredLoss: 0, cleanRefusal: 0, broken: 0 };
  for (const { verdict } of cells) counts[COUNTED[verdict]]++;
  return counts;
}
