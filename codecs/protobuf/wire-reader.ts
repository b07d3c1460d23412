/**
 * The library's reader with our errors. Its own integers would wrap silently at 32 bits and turn into
 * Long objects at 64, and its bounds errors say neither code nor place; so keys, lengths and varints
 * are read here, and the bounds are checked before the library's fixed-width reads are called.
 */
import { Reader } from "protobufjs/minimal.js";
import { DecodeError } from "../errors.ts";
import type { Limits } from "../limits.ts";

/** A number up to 2^53 - 1, a bigint above. */
export type Unsigned = number | bigint;

export const VARINT = 0;
export const FIXED_64 = 1;
export const LENGTH_DELIMITED = 2;
export const GROUP_START = 3;
export const GROUP_END = 4;
export const FIXED_32 = 5;

export const NUMBER_MAX = 2 ** 29 - 1;
const KEY_MAX = 2 ** 32 - 1;

const BYTES_EXACT = 7; // Seven digits of seven bits are below 2^53.
const BYTES_MAX = 10;
const WIRE_TYPES = [
  "varint",
  "fixed 64-bit",
  "length-delimited",
  "group",
  "group end",
  "fixed 32-bit",
];

export class WireReader extends Reader {
  readonly limits: Limits;
  readonly copy: boolean;
  /** Nested messages and groups around the present position. Invariant: 0 <= depth <= limits.depthMax. */
  depth = 0;

  /** Per map, its keys by content: JavaScript tells equal byte keys apart. */
  #keys: Map<object, Map<unknown, unknown>> | undefined;

  constructor(bytes: Uint8Array, limits: Limits, copy: boolean) {
    super(bytes);
    this.limits = limits;
    this.copy = copy;
  }

  byte(): number {
    if (this.pos >= this.len) throw this.#truncated(1);
    return this.buf[this.pos++] as number;
  }

  /** Any of the forms of a number is read, also one with more bytes than it needs, as the format asks. */
  varint(): Unsigned {
    const start = this.pos;
    const first = this.buf[start] as number;
    if (first < 128 && start < this.len) {
      this.pos = start + 1;
      return first;
    }
    let value = 0;
    let weight = 1;
    for (let length = 1; length <= BYTES_EXACT; length++) {
      const digit = this.byte();
      if (digit < 128) return value + digit * weight;
      value += (digit & 127) * weight;
      weight *= 128;
    }
    return this.#longVarint(BigInt(value), start);
  }

  #longVarint(firstSeven: bigint, start: number): Unsigned {
    let value = firstSeven;
    for (let length = BYTES_EXACT + 1; length <= BYTES_MAX; length++) {
      const digit = this.byte();
      value += BigInt(digit & 127) << BigInt(7 * (length - 1));
      if (digit >= 128) continue;
      if (value > 0xffff_ffff_ffff_ffffn) break;
      return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    }
    throw new DecodeError("InvalidVarint", "Cannot read varint: it needs more than 64 bits", start);
  }

  /** Field number × 8 + wire type. */
  key(): number {
    const start = this.pos;
    const key = Number(this.varint());
    if (key >= 8 && key <= KEY_MAX) return key;
    const problem = `Cannot read field number ${Math.floor(key / 8)}: 1 to 2^29 - 1 needed`;
    throw new DecodeError("TagOverflowed", problem, start);
  }

  /** A length is checked before anything is allocated; the limit was checked for the input as a whole. */
  override size(): number {
    const start = this.pos;
    const length = this.varint();
    if (length > this.len - this.pos) {
      const problem = `Cannot read ${length} bytes: only ${this.len - this.pos} remain`;
      throw new DecodeError("Truncated", problem, start);
    }
    return Number(length);
  }

  checkLength(length: number, start: number): void {
    if (length <= this.limits.lengthMax) return;
    const problem = `Cannot read ${length} bytes: at most ${this.limits.lengthMax}`;
    throw new DecodeError("LimitExceeded", problem, start);
  }

  /** How many there are before one more is added. */
  checkCount(count: number): void {
    if (count < this.limits.countMax) return;
    const problem = `Cannot read more than ${this.limits.countMax} items`;
    throw new DecodeError("LimitExceeded", problem, this.pos);
  }

  /** Confines all reads to the next length-delimited body; returns the outer end for `leave`. */
  enter(): number {
    const length = this.size();
    const outer = this.len;
    this.len = this.pos + length;
    return outer;
  }

  leave(outer: number): void {
    this.len = outer;
  }

  enterMessage(): number {
    this.deepen();
    return this.enter();
  }

  leaveMessage(outer: number): void {
    this.depth--;
    this.leave(outer);
  }

  deepen(): void {
    if (this.depth >= this.limits.depthMax) {
      const problem = `Cannot read message: it is nested deeper than ${this.limits.depthMax}`;
      throw new DecodeError("RecursionLimitReached", problem, this.pos);
    }
    this.depth++;
  }

  /** The key of the map that has the same content, or this one. */
  sameKey(entries: object, identity: unknown, key: unknown): unknown {
    this.#keys ??= new Map();
    const known = this.#keys.get(entries) ?? new Map<unknown, unknown>();
    this.#keys.set(entries, known);
    if (!known.has(identity)) known.set(identity, key);
    return known.get(identity);
  }

  /** Asserts that so many bytes are there for a read of the library. */
  need(size: number): void {
    if (size > this.len - this.pos) throw this.#truncated(size);
  }

  #truncated(size: number): DecodeError {
    const problem = `Cannot read ${size} more bytes: only ${this.len - this.pos} remain`;
    return new DecodeError("Truncated", problem, this.pos);
  }
}

export function refuseWireType(found: number, needed: number, offset: number): DecodeError {
  const problem = `Cannot read field: its wire type is ${nameOf(found)}, ${nameOf(needed)} needed`;
  return new DecodeError("WrongWireType", problem, offset);
}

function nameOf(wireType: number): string {
  return WIRE_TYPES[wireType] ?? String(wireType);
}
