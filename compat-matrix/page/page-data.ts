/**
 * Cells as the page holds them: columns of small numbers that point into lists of distinct texts,
 * values and explained bytes, so that tens of thousands of cells stay a few megabytes.
 */
import { toHex } from "../../codecs/index.ts";
import { annotate } from "../annotate/annotate.ts";
import type { Row } from "../annotate/rows.ts";
import type { Participant } from "../cells/matrix.ts";
import type { Cell, CellKind, Side, Verdict, Victim } from "../verdict.ts";
import { Interning } from "./interning.ts";

export const VERDICTS: readonly Verdict[] = ["exact", "declared-loss", "clean-refusal", "broken"];
const VICTIMS: readonly Victim[] = [
  "new reader of old bytes",
  "old reader of new bytes",
  "rollback after a rewrite",
];

/** At most so many bytes are shown; the rest is counted. */
const BYTES_SHOWN = 1200;
const VALUE_SHOWN = 4000;
const NOWHERE = -1;

/** One explained row: [offset, length, depth, text of the label, note]. */
type PackedRow = readonly [at: number, length: number, depth: number, label: number, note: string];

export interface PageData {
  readonly verdicts: readonly Verdict[];
  readonly victims: readonly Victim[];
  /** Sides of cells in order: `r1 v1`, … */
  readonly sides: readonly string[];
  readonly kinds: readonly CellKind[];
  readonly messages: readonly string[];
  readonly cases: readonly string[];
  /** Reasons, middles of relays and labels of rows. */
  readonly texts: readonly string[];
  /** Value JSON as text; "" is nothing. */
  readonly values: readonly string[];
  readonly bytes: readonly {
    readonly hex: string;
    readonly length: number;
    readonly rows: readonly PackedRow[];
  }[];
  /** Columns; the same place in each is one cell. */
  readonly cells: Readonly<Record<Column, readonly number[]>>;
}

const COLUMNS = [
  "kind",
  "writer",
  "reader",
  "through",
  "message",
  "case",
  "verdict",
  "victim",
  "reason",
  "given",
  "written",
  "expected",
  "actual",
] as const;
type Column = (typeof COLUMNS)[number];

export function makePageData(
  cells: readonly Cell[],
  participants: readonly Participant[],
): PageData {
  const tables = new Tables(participants);
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, [] as number[]])) as Record<
    Column,
    number[]
  >;
  for (const cell of cells) {
    const packed = tables.pack(cell);
    for (const name of COLUMNS) columns[name].push(packed[name]);
  }
  return {
    verdicts: VERDICTS,
    victims: VICTIMS,
    sides: tables.sides.items,
    kinds: tables.kinds.items,
    messages: tables.messages.items,
    cases: tables.cases.items,
    texts: tables.texts.items,
    values: tables.values.items,
    bytes: tables.bytes.items,
    cells: columns,
  };
}

class Tables {
  readonly sides: Interning<string> = new Interning();
  readonly kinds: Interning<CellKind> = new Interning();
  readonly messages: Interning<string> = new Interning();
  readonly cases: Interning<string> = new Interning();
  readonly texts: Interning<string> = new Interning();
  readonly values: Interning<string> = new Interning();
  readonly bytes: Interning<PageData["bytes"][number]> = new Interning();
  readonly #participants: ReadonlyMap<string, Participant>;

  constructor(participants: readonly Participant[]) {
    this.#participants = new Map(participants.map((one) => [one.name, one]));
    // Sides in the order of releases and versions, so that the grid has old at the top.
    for (const { name, host } of participants) {
      this.#side({ release: name, version: 0 });
      for (const { version } of host.versions) this.#side({ release: name, version });
    }
  }

  pack(cell: Cell): Record<Column, number> {
    const given = { message: cell.message, side: cell.through ?? cell.writer };
    return {
      kind: this.kinds.place(cell.kind, () => cell.kind),
      writer: this.#side(cell.writer),
      reader: this.#side(cell.reader),
      through: cell.through ? this.#text(sideText(cell.through)) : NOWHERE,
      message: this.messages.place(cell.message, () => cell.message),
      case: this.cases.place(cell.case, () => cell.case),
      verdict: VERDICTS.indexOf(cell.verdict),
      victim: cell.verdict === "broken" ? VICTIMS.indexOf(cell.victim) : NOWHERE,
      reason: cell.reason === "" ? NOWHERE : this.#text(cell.reason),
      given: this.#explained(cell.bytes, given.message, given.side),
      written: cell.rewritten
        ? this.#explained(cell.rewritten, cell.message, cell.reader)
        : NOWHERE,
      expected: this.#value(cell.expected),
      actual: this.#value(cell.actual),
    };
  }

  #side(side: Side): number {
    const text = sideText(side);
    return this.sides.place(text, () => text);
  }

  #text(text: string): number {
    return this.texts.place(text, () => text);
  }

  #value(value: unknown): number {
    if (value === undefined) return NOWHERE;
    const text = JSON.stringify(value);
    const shown = text.length > VALUE_SHOWN ? `${text.slice(0, VALUE_SHOWN)}…` : text;
    return this.values.place(shown, () => shown);
  }

  /** By content and schema: the same bytes mean the same only under the same description. */
  #explained(bytes: Uint8Array, message: string, { release, version }: Side): number {
    const hex = toHex(bytes.subarray(0, BYTES_SHOWN));
    const key = `${release} ${version} ${message} ${bytes.length} ${hex}`;
    return this.bytes.place(key, () => {
      const view = this.#participants.get(release)?.views.get(version);
      const rows = view?.message(message) ? annotate(bytes, message, view) : [];
      return {
        hex,
        length: bytes.length,
        rows: rows.filter(isShown).map((row) => this.#packRow(row)),
      };
    });
  }

  #packRow({ at, length, depth, label, note }: Row): PackedRow {
    return [at, length, depth, this.#text(label), note];
  }
}

function isShown({ at }: Row): boolean {
  return at < BYTES_SHOWN;
}

function sideText({ release, version }: Side): string {
  return version === 0 ? release : `${release} v${version}`;
}
