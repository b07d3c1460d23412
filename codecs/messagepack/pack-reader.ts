/**
 * Reads MessagePack heads and scalars, bounds-checked, with the place of every error. The library's
 * decoder is not used to read: it trusts lengths, repairs what is not UTF-8, lets a repeated key win
 * silently, and neither says where it failed nor gives the bytes of a value that must be kept.
 * Numbers are big-endian.
 */
import { DecodeError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { decodeText } from "../text.ts";

const NAMES: readonly (readonly [upTo: number, name: string])[] = [
  [0x7f, "an integer"],
  [0x8f, "a map"],
  [0x9f, "an array"],
  [0xbf, "text"],
  [0xc0, "nil"],
  [0xc1, "0xc1"],
  [0xc3, "a bool"],
  [0xc6, "binary"],
  [0xc9, "an extension"],
  [0xcb, "a float"],
  [0xd3, "an integer"],
  [0xd8, "an extension"],
  [0xdb, "text"],
  [0xdd, "an array"],
  [0xdf, "a map"],
  [0xff, "an integer"],
];

export class PackReader {
  readonly limits: Limits;
  readonly copy: boolean;
  offset = 0;
  /** Nested messages around the present position. Invariant: 0 <= depth <= limits.depthMax. */
  depth = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, limits: Limits, copy: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limits = limits;
    this.copy = copy;
  }

  get remaining(): number {
    return this.#bytes.length - this.offset;
  }

  /** Steps over the text if it stands here in its shortest form: faster than reading it as a string. */
  takeText(encoded: Uint8Array): boolean {
    const bytes = this.#bytes;
    const start = this.offset;
    if (encoded.length > bytes.length - start) return false;
    for (let at = 0; at < encoded.length; at++) {
      if (bytes[start + at] !== encoded[at]) return false;
    }
    this.offset = start + encoded.length;
    return true;
  }

  /** A view of what was read since `start`. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.offset);
  }

  bool(): boolean {
    const first = this.#peek();
    if (first !== 0xc2 && first !== 0xc3) throw this.refuse("a bool");
    this.offset++;
    return first === 0xc3;
  }

  /** A number up to 2^53 - 1 in size, a bigint beyond. */
  integer(): number | bigint {
    const first = this.#peek();
    if (first < 0x80) {
      this.offset++;
      return first;
    }
    if (first >= 0xe0) {
      this.offset++;
      return first - 0x100;
    }
    if (first < 0xcc || first > 0xd3) throw this.refuse("an integer");
    return this.#sizedInteger(first);
  }

  #sizedInteger(first: number): number | bigint {
    const size = 1 << (first & 3);
    this.#need(1 + size);
    const at = this.offset + 1;
    this.offset = at + size;
    const isSigned = first >= 0xd0;
    switch (size) {
      case 1:
        return isSigned ? this.#view.getInt8(at) : this.#view.getUint8(at);
      case 2:
        return isSigned ? this.#view.getInt16(at) : this.#view.getUint16(at);
      case 4:
        return isSigned ? this.#view.getInt32(at) : this.#view.getUint32(at);
      default:
        return this.#wideInteger(at, isSigned);
    }
  }

  #wideInteger(at: number, isSigned: boolean): number | bigint {
    const high = isSigned ? this.#view.getInt32(at) : this.#view.getUint32(at);
    const near = high * 2 ** 32 + this.#view.getUint32(at + 4);
    if (Number.isSafeInteger(near)) return near;
    return isSigned ? this.#view.getBigInt64(at) : this.#view.getBigUint64(at);
  }

  /** Writers put a float without a fraction as an integer, so both are read. */
  float(): number {
    const first = this.#peek();
    if (first !== 0xca && first !== 0xcb) return this.#wholeFloat();
    const size = first === 0xca ? 4 : 8;
    this.#need(1 + size);
    const at = this.offset + 1;
    this.offset = at + size;
    return size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  #wholeFloat(): number {
    const start = this.offset;
    const name = this.#kind();
    if (name !== "an integer") throw this.refuse("a float");
    const whole = this.integer();
    if (BigInt(Number(whole)) === BigInt(whole)) return Number(whole);
    const problem = `Cannot read ${whole} as a float: it would be rounded`;
    throw new DecodeError("OutOfDomainValue", problem, start);
  }

  text(): string {
    const first = this.#peek();
    if (first >= 0xa0 && first <= 0xbf) {
      this.offset++;
      return this.#textOf(first & 0x1f);
    }
    if (first < 0xd9 || first > 0xdb) throw this.refuse("text");
    return this.#textOf(this.#count(1 << (first - 0xd9)));
  }

  #textOf(length: number): string {
    const view = this.#take(length);
    return decodeText(view, this.offset - length);
  }

  binary(): Uint8Array {
    const first = this.#peek();
    if (first < 0xc4 || first > 0xc6) throw this.refuse("binary");
    const view = this.#take(this.#count(1 << (first - 0xc4)));
    return this.copy ? view.slice() : view;
  }

  /** Number of items that follow. */
  array(): number {
    const first = this.#peek();
    const start = this.offset;
    if (first >= 0x90 && first <= 0x9f) {
      this.offset++;
      return this.#items(first & 0x0f, 1, start);
    }
    if (first !== 0xdc && first !== 0xdd) throw this.refuse("an array");
    return this.#items(this.#count(first === 0xdc ? 2 : 4), 1, start);
  }

  /** Number of pairs that follow. */
  map(): number {
    const first = this.#peek();
    const start = this.offset;
    if (first >= 0x80 && first <= 0x8f) {
      this.offset++;
      return this.#items(first & 0x0f, 2, start);
    }
    if (first !== 0xde && first !== 0xdf) throw this.refuse("a map");
    return this.#items(this.#count(first === 0xde ? 2 : 4), 2, start);
  }

  /** Steps over one value of any kind. No recursion, so depth is no danger. */
  skip(): void {
    let pending = 1;
    while (pending > 0) pending += this.#skipHead() - 1;
  }

  /** Steps over a head and the bytes that belong to it; returns how many values follow inside. */
  #skipHead(): number {
    const first = this.#peek();
    const name = this.#kind();
    if (name === "a map") return 2 * this.map();
    if (name === "an array") return this.array();
    if (name === "0xc1") throw new DecodeError("Malformed", "0xc1 begins no value", this.offset);
    const { head, body } = this.#sizeOf(first, name);
    this.#need(head + body);
    this.offset += head + body;
    return 0;
  }

  /** Bytes of a value without items: of its head, and of what the head announces. */
  #sizeOf(first: number, name: string): { head: number; body: number } {
    if (name === "text" && first < 0xc0) return { head: 1, body: first & 0x1f };
    if (first < 0xc4 || first >= 0xe0) return { head: 1, body: 0 };
    if (first >= 0xca && first <= 0xcb) return { head: 1, body: first === 0xca ? 4 : 8 };
    if (first >= 0xcc && first <= 0xd3) return { head: 1, body: 1 << (first & 3) };
    if (first >= 0xd4 && first <= 0xd8) return { head: 1, body: 1 + (1 << (first - 0xd4)) };
    return this.#announced(first, name === "an extension" ? 1 : 0);
  }

  #announced(first: number, extra: number): { head: number; body: number } {
    const width = 1 << (first >= 0xd9 ? first - 0xd9 : (first - 0xc4) % 3);
    const start = this.offset;
    const length = this.#count(width);
    this.offset = start;
    return { head: 1 + width, body: extra + length };
  }

  /** Reads the number behind the first byte of a head. */
  #count(width: number): number {
    this.#need(1 + width);
    const at = this.offset + 1;
    this.offset = at + width;
    if (width === 1) return this.#view.getUint8(at);
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /** Each item takes a byte at least, so that a count can never ask for more memory than the input has. */
  #items(count: number, bytesEach: number, start: number): number {
    if (count * bytesEach > this.remaining) {
      const problem = `Cannot read ${count} items: only ${this.remaining} bytes remain`;
      throw new DecodeError("Truncated", problem, start);
    }
    if (count <= this.limits.countMax) return count;
    const problem = `Cannot read ${count} items: at most ${this.limits.countMax}`;
    throw new DecodeError("LimitExceeded", problem, start);
  }

  #take(length: number): Uint8Array {
    this.#need(length);
    const start = this.offset;
    this.offset = start + length;
    return this.#bytes.subarray(start, this.offset);
  }

  #peek(): number {
    const first = this.#bytes[this.offset];
    if (first === undefined) this.#need(1);
    return first as number;
  }

  #need(size: number): void {
    if (size <= this.remaining) return;
    const problem = `Cannot read ${size} more bytes: only ${this.remaining} remain`;
    throw new DecodeError("Truncated", problem, this.offset);
  }

  /** The error for a value of another kind than the schema says, at the present position. */
  refuse(needed: string): DecodeError {
    const name = this.#kind();
    if (name === "0xc1") return new DecodeError("Malformed", "0xc1 begins no value", this.offset);
    const problem = `Cannot read ${name}: ${needed} is expected`;
    return new DecodeError("WrongWireType", problem, this.offset);
  }

  #kind(): string {
    const first = this.#peek();
    return NAMES.find(([upTo]) => first <= upTo)?.[1] ?? "an integer";
  }
}
