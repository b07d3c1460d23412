/** What generated code of every format calls: everything that is not worth repeating at each place. */
import { realLength } from "../bytes.ts";
import { type FormatName, UNKNOWN, type UnknownField } from "../format.ts";
import { isEmpty } from "../schema/empty.ts";
import { unknownNumber } from "../schema/enumeration.ts";
import { type KeyOrder, keyOrderOf } from "../schema/key-order.ts";
import type { MapShape, MessageShape } from "../schema/shape.ts";
import { attachUnknown } from "../unknown.ts";
import { type ShapePath, shapeAt } from "./shape-path.ts";
import { latin1, readText } from "./text.ts";

/** Numbers pass through here on their way to and from their bytes. */
const SCRATCH = new ArrayBuffer(8);
export const U8: Uint8Array = new Uint8Array(SCRATCH);
export const F64: Float64Array = new Float64Array(SCRATCH);
export const F32: Float32Array = new Float32Array(SCRATCH);
export const B64: BigUint64Array = new BigUint64Array(SCRATCH);
export const I64: BigInt64Array = new BigInt64Array(SCRATCH);

/** Only then do bytes of `SCRATCH` stand in the order that generated code counts on. */
export const isLittleEndian: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

let allowed: boolean | undefined;

/** False where a content security policy or a flag forbids code from text, or numbers stand the other way round. */
export function mayGenerate(): boolean {
  if (allowed === undefined) {
    try {
      allowed = isLittleEndian && new Function("return true")() === true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

export type Helpers = Readonly<Record<string, unknown>>;

/** `order` is asked once per place, when the code is linked. */
export function commonHelpers(root: MessageShape, format: FormatName): Helpers {
  return {
    unknown: UNKNOWN,
    NO_BYTES: new Uint8Array(0),
    U8,
    F64,
    F32,
    B64,
    I64,
    readText,
    latin1,
    insert,
    sortBy,
    sameKey,
    moveCuts,
    length: realLength,
    isEmptyBytes: (value: unknown, length: number) => isEmpty({ kind: "bytes", length }, value),
    copy: copyOf,
    undeclared: (value: unknown) => (typeof value === "string" ? (unknownNumber(value) ?? -1) : -1),
    attach: (value: object, fields: readonly UnknownField[], version: number | undefined) =>
      attachUnknown(value, { format, version, fields }),
    order: (path: ShapePath) => keyOrderOf((shapeAt(root, path) as MapShape).key),
  };
}

/** A plain array: a Node buffer's own `slice` is a view, and that of its parent gives a Node buffer. */
export function copyOf(b: Uint8Array, from: number, to: number): Uint8Array {
  return new Uint8Array(new Uint8Array(b.buffer, b.byteOffset + from, to - from));
}

/** The key that came before with the same content, or this one. */
function sameKey(seen: Map<unknown, unknown>, order: KeyOrder, key: unknown): unknown {
  const identity = order.identity(key);
  const before = seen.get(identity);
  if (before !== undefined) return before;
  seen.set(identity, key);
  return key;
}

/** Moves the places of payloads that stand in a moved body. */
export function moveCuts(cuts: unknown[], from: number, by: number): void {
  for (let at = from; at < cuts.length; at += 2) cuts[at] = (cuts[at] as number) + by;
}

const INSERTION_MAX = 16;

/**
 * Moves the last key, and its value with it, to its place among those before by the engine's own order.
 * False when there are too many for that: sort them all at the end.
 */
function insert(keys: unknown[], values: unknown[]): boolean {
  let to = keys.length - 1;
  if (to >= INSERTION_MAX) return false;
  const [key, value] = [keys[to] as number, values[to]];
  for (; to > 0 && key < (keys[to - 1] as number); to--) {
    keys[to] = keys[to - 1];
    values[to] = values[to - 1];
  }
  keys[to] = key;
  values[to] = value;
  return true;
}

/** Sorts keys, and their values with them; by the engine's own order when no other is given. */
export function sortBy(keys: unknown[], values: unknown[], order: KeyOrder | undefined): void {
  const compare = order?.compare ?? ((a, b) => ((a as number) < (b as number) ? -1 : 1));
  const pairs = keys.map((key, at) => [key, values[at]] as const);
  pairs.sort(([left], [right]) => compare(left, right));
  for (const [at, [key, value]] of pairs.entries()) {
    keys[at] = key;
    values[at] = value;
  }
}
