/** What a batch of columns looks like, and which array a field gets. */
import type { MessageValue } from "../../format.ts";
import type { Limits } from "../../limits.ts";
import type { FieldShape, MessageShape, Shape } from "../../schema/shape.ts";

export type Values =
  | Float64Array
  | Float32Array
  | Uint32Array
  | Int32Array
  | Uint8Array
  | BigUint64Array
  | BigInt64Array;

/** The array of a member with values of type V. Of what has no place of fixed size it is empty. */
type ValuesOf<V> = [V] extends [bigint]
  ? BigUint64Array | BigInt64Array
  : [V] extends [boolean]
    ? Uint8Array
    : [V] extends [number]
      ? Float64Array | Float32Array | Uint32Array | Int32Array
      : [V] extends [string]
        ? string extends V
          ? Uint8Array
          : Uint32Array
        : Uint8Array;

/** By the members of an item, where its type is known. */
export type ColumnsOf<Item> = unknown extends Item
  ? Readonly<Record<string, Column>>
  : { readonly [M in keyof Item & string]-?: Column<ValuesOf<NonNullable<Item[M]>>> };

export interface Column<V extends Values = Values> {
  /** `values`: numbers, booleans as 0 and 1, enumerations by number. `ranges`: everything of variable size. */
  readonly kind: "values" | "ranges";
  /** By item; what stands behind the count of the batch is left over from earlier ones. */
  readonly values: V;
  /** Of a range: first byte of the body in the input, and `end` behind the last. Both 0 for an absent one. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Of an optional field: 1 where it is present. Of a plain one always empty. */
  readonly present: Uint8Array;
}

/** The same object for every call: what it holds is overwritten by the next. */
export interface Batch<Item = unknown, Head = MessageValue> {
  readonly count: number;
  /** The message without the list. */
  readonly head: Head;
  readonly columns: ColumnsOf<Item>;
  /** How many items hold fields that the schema does not know; their bytes are in `items`. */
  readonly itemsWithUnknown: number;
  /** The body of each item as a range of the input. */
  readonly items: Column;
}

export interface ColumnReader<Item = unknown, Head = MessageValue> {
  /** Offsets count from the start of `bytes`. Throws `DecodeError`; the batch then holds nothing. */
  decode(bytes: Uint8Array): Batch<Item, Head>;
  /** The message between two offsets of a larger buffer; ranges count from the start of that buffer. */
  decodeRange(bytes: Uint8Array, start: number, end: number): Batch<Item, Head>;
}

export interface ColumnPlan {
  readonly shape: MessageShape;
  readonly member: FieldShape;
  readonly item: MessageShape;
  readonly limits: Limits;
}

/** Whether a field has a place of fixed size in a column. */
export function isValue(type: Shape): boolean {
  return ["bool", "integer", "float", "enumeration"].includes(type.kind);
}

/** Its array, for so many items. */
export function valuesFor(type: Shape, capacity: number): Values {
  if (type.kind === "bool") return new Uint8Array(capacity);
  if (type.kind === "enumeration") return new Uint32Array(capacity);
  if (type.kind === "float") return floatsFor(type, capacity);
  if (type.kind !== "integer") return new Uint8Array(0);
  if (type.as === "bigint") {
    return type.signed ? new BigInt64Array(capacity) : new BigUint64Array(capacity);
  }
  if (type.bits === 64) return new Float64Array(capacity);
  return type.signed ? new Int32Array(capacity) : new Uint32Array(capacity);
}

function floatsFor(type: Extract<Shape, { kind: "float" }>, capacity: number): Values {
  if (type.as === "pattern") {
    return type.bits === 64 ? new BigUint64Array(capacity) : new Uint32Array(capacity);
  }
  return type.bits === 64 ? new Float64Array(capacity) : new Float32Array(capacity);
}
