/** Where an element stands: for people by line and column, for tools by the bytes of the file. */

export interface SourceLocation {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units, as editors do. */
  readonly column: number;
  /** First byte of the element in the UTF-8 form of the file. */
  readonly byteStart: number;
  /** First byte behind it. */
  readonly byteEnd: number;
  /** Where the first attribute in front of it begins; `byteStart` when it has none. */
  readonly attributesStart: number;
}

/** A stretch of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export class LineIndex {
  readonly #file: string;
  readonly #text: string;
  /** UTF-16 offset and byte offset of each line's start. */
  readonly #units: number[] = [0];
  readonly #bytes: number[] = [0];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    let bytes = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      const start = this.#units.at(-1) as number;
      bytes += Buffer.byteLength(text.slice(start, at + 1));
      this.#units.push(at + 1);
      this.#bytes.push(bytes);
    }
  }

  /** `from` is where the attributes begin. */
  locate({ start, end }: Span, from: number = start): SourceLocation {
    const line = this.#lineAt(start);
    const column = start - (this.#units[line] as number) + 1;
    const byteStart = this.#byteAt(start);
    const byteEnd = this.#byteAt(end);
    const attributesStart = this.#byteAt(from);
    return { file: this.#file, line: line + 1, column, byteStart, byteEnd, attributesStart };
  }

  #byteAt(unit: number): number {
    const line = this.#lineAt(unit);
    const before = this.#text.slice(this.#units[line], unit);
    return (this.#bytes[line] as number) + Buffer.byteLength(before);
  }

  #lineAt(unit: number): number {
    let low = 0;
    let high = this.#units.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#units[middle] as number) <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
