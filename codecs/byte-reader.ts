import { plainBytes } from "./bytes.ts";
import { DecodeError } from "./errors.ts";

/**
 * Reads little-endian numbers and byte runs; every read is bounds-checked here and only here.
 * `narrow` makes a region (the body of a length-delimited field), and no read inside looks past its end.
 */
export class ByteReader {
  #offset = 0;
  #end: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = plainBytes(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Bytes left in the present region. */
  get remaining(): number {
    return this.#end - this.#offset;
  }

  /** The next byte without taking it, or -1 at the end of the region. */
  peek(): number {
    return this.#offset < this.#end ? (this.#bytes[this.#offset] as number) : -1;
  }

  u8(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  f32(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A view into the input, not a copy. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** What was read since `start`, as a view. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#offset);
  }

  /** Confines all reads to the next `length` bytes; returns the outer end for `widen`. */
  narrow(length: number): number {
    if (length > this.remaining) throw this.#truncated(length);
    const outer = this.#end;
    this.#end = this.#offset + length;
    return outer;
  }

  widen(outer: number): void {
    this.#end = outer;
  }

  #take(size: number): number {
    const start = this.#offset;
    if (size > this.#end - start) throw this.#truncated(size);
    this.#offset = start + size;
    return start;
  }

  #truncated(size: number): DecodeError {
    const needed = size === 1 ? "1 byte" : `${size} bytes`;
    const problem = `Cannot read ${needed}: only ${this.remaining} remain`;
    return new DecodeError("Truncated", problem, this.#offset);
  }
}
