/** One line of an explanation: a range of bytes, what it is, and what it says. */
export interface Row {
  readonly at: number;
  readonly length: number;
  /** How deep the part is nested. */
  readonly depth: number;
  /** Field, item or key. */
  readonly label: string;
  /** Its value, or what kind of part it is. */
  readonly note: string;
}

/** Enough for a person; the rest of a long list says nothing new. */
const ROWS_MAX = 160;
const TEXT_MAX = 48;

/** Thrown by `Rows.add` when there are enough of them. */
export class EnoughRows extends Error {
  override readonly name = "EnoughRows";
}

export class Rows {
  readonly rows: Row[] = [];

  add(row: Row): void {
    if (this.rows.length >= ROWS_MAX) throw new EnoughRows();
    this.rows.push(row);
  }
}

export function quoted(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, TEXT_MAX * 4));
  const shown = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
  return `${JSON.stringify(shown)}${bytes.length > TEXT_MAX ? ` (${bytes.length} bytes)` : ""}`;
}
