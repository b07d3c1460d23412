/**
 * What a message is at *one* wire version, with all lineage resolved: the only thing a format sees.
 * The schema language (`message`, `optional`, `.since` …) produces shapes; formats compile them.
 */
import type { TimeType } from "./time.ts";

export type Shape =
  | { readonly kind: "bool" }
  | IntegerShape
  | FloatShape
  | { readonly kind: "string" }
  | BytesShape
  | { readonly kind: "enumeration"; readonly enumeration: EnumerationShape }
  /** A function, because messages may contain themselves. */
  | MessageReference
  | ListShape
  | MapShape
  | TimeShape;

export interface MessageReference {
  readonly kind: "message";
  readonly message: () => MessageShape;
  /** Bilrost: a variant written in place as a message is no level of nesting, so it is not counted as one. */
  readonly uncounted?: true;
}

export interface IntegerShape {
  readonly kind: "integer";
  readonly signed: boolean;
  readonly bits: 8 | 16 | 32 | 64;
  /** `varint` is zigzag when signed; `fixed` is little-endian, 32 or 64 bits only. */
  readonly encoding: "varint" | "fixed";
  /** `number` is checked against 2^53 - 1; `bigint` holds all 64 bits. */
  readonly as: "number" | "bigint";
  /** Zero is refused, so there is no empty value: only optional fields, variants, items and entries hold it. */
  readonly nonZero?: true;
}

export interface FloatShape {
  readonly kind: "float";
  readonly bits: 32 | 64;
  /** The IEEE 754 pattern, a number for 32 bits and a bigint for 64: a JavaScript number forgets which NaN it is. */
  readonly as?: "pattern";
}

export interface BytesShape {
  readonly kind: "bytes";
  /** Exactly so many. Absent reads as so many zero bytes. */
  readonly length?: number;
  /** Bilrost: 4 or 8 bytes without a length, in the wire types of fixed integers. */
  readonly fixed?: true;
}

export interface ListShape {
  readonly kind: "list";
  readonly item: Shape;
  /** One field with all items, or one field per item. MessagePack knows no difference. */
  readonly packed: boolean;
  /** An array: exactly so many items, and absent reads as so many empty ones. */
  readonly length?: number;
  /** The value is a `Set`, written in canonical order. */
  readonly set?: true;
}

export interface MapShape {
  readonly kind: "map";
  /** bool, integer, string, bytes or enumeration; in Bilrost messages, lists and maps as well. */
  readonly key: Shape;
  readonly value: Shape;
}

/** Dates, times and durations as the Rust libraries put them into Bilrost; see `TimeType`. */
export interface TimeShape {
  readonly kind: "time";
  readonly type: TimeType;
}

export interface EnumerationShape {
  readonly name: string;
  /** Variant name to number, in declaration order. */
  readonly variants: ReadonlyMap<string, number>;
  /** An open enumeration reads an undeclared number n as `unknown(n)` and writes it back; a closed one refuses. */
  readonly open: boolean;
  /** Canonical order of keys and set items: by number unless it is by place in `variants`. */
  readonly order?: "declaration";
}

export interface FieldShape {
  readonly kind: "field";
  readonly name: string;
  /** Tag of the binary formats; 0 is legal in Bilrost only. */
  readonly number: number;
  readonly type: Shape;
  /** `implicit`: the empty value is not written and absent reads as empty. `optional`: presence is information. */
  readonly presence: "implicit" | "optional";
}

/** At most one of the variants is set. Value form: `{ case: "put", value: … }` or undefined. */
export interface OneofShape {
  readonly kind: "oneof";
  readonly name: string;
  /** Their presence is always explicit; an empty value is written. */
  readonly variants: readonly FieldShape[];
}

export interface MessageShape {
  readonly name: string;
  /** Wire version, where there is one: unknown fields are written back only at the version they were read at. */
  readonly version?: number;
  /** The value is an array whose places are the names of the members: "0", "1" … */
  readonly tuple?: true;
  readonly members: readonly (FieldShape | OneofShape)[];
}

/** A message whose members are places: "0" at tag 0, and so on. */
export function tupleShape(items: readonly Shape[]): MessageReference {
  const members = items.map((item, tag) => part(String(tag), tag, item));
  const shape: MessageShape = { name: `(${members.length}-tuple)`, tuple: true, members };
  return { kind: "message", message: () => shape };
}

/** Inclusive or not, the bytes are the same. */
export function rangeShape(of: Shape, inclusive: boolean): MessageReference {
  const name = inclusive ? "RangeInclusive" : "Range";
  const shape: MessageShape = { name, members: [part("start", 0, of), part("end", 1, of)] };
  return { kind: "message", message: () => shape };
}

function part(name: string, number: number, type: Shape): FieldShape {
  return { kind: "field", name, number, type, presence: "implicit" };
}
