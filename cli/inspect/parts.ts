/** Layouts without a format: little-endian numbers and runs of bytes at fixed places. */
import { DecodeError, type InspectNode, type InspectProblem, piece } from "../../codecs/index.ts";

/** Reads parts one after the other and keeps them. Throws `DecodeError` when a part is not all there. */
export class PartReader {
  readonly parts: InspectNode[] = [];
  readonly #bytes: Uint8Array;
  readonly #end: number;
  offset: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.offset = start;
  }

  /** A number of 1 to 8 bytes. `note` says what it means. */
  number(name: string, size: number, note: (value: number) => string = () => ""): number {
    const exact = this.#take(name, size).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const value = Number(exact);
    const text = note(value);
    const shown = Number.isSafeInteger(value) ? value : exact;
    this.#add(name, size, { as: "unsigned", value: shown }, text === "" ? [] : [text]);
    return value;
  }

  run(name: string, size: number, meaning: (bytes: Uint8Array) => string): Uint8Array {
    const bytes = this.#take(name, size);
    this.#add(name, size, { as: "bytes", value: meaning(bytes) }, []);
    return bytes;
  }

  /** Blames the part that was read last. */
  blame(problem: string): InspectProblem {
    const last = this.parts.pop() as InspectNode;
    const path = last.name === undefined ? [] : [last.name];
    const found = { code: "Malformed" as const, problem, offset: last.start, path };
    this.parts.push({ ...last, problem: found });
    return found;
  }

  #take(name: string, size: number): Uint8Array {
    const left = this.#end - this.offset;
    if (size <= left) return this.#bytes.subarray(this.offset, this.offset + size);
    const problem = `Cannot read ${name} of ${size} bytes: only ${left} remain`;
    throw new DecodeError("Truncated", problem, this.offset);
  }

  #add(
    name: string,
    size: number,
    reading: InspectNode["readings"][number],
    notes: readonly string[],
  ): void {
    const node = piece("part", this.offset, this.offset + size);
    this.parts.push({ ...node, name, readings: [reading], notes });
    this.offset += size;
  }
}
