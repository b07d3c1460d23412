/**
 * What a message is at *one* wire version, with all lineage resolved: the only thing a format sees.
 * The schema language (`message`, `optional`, `.since` …) produces shapes; formats compile them.
 */

export type Shape =
  | { readonly kind: "bool" }
  | IntegerShape
  | { readonly kind: "float"; readonly bits: 32 | 64 }
  | { readonly kind: "string" }
  | { readonly kind: "bytes" }
  | { readonly kind: "enumeration"; readonly enumeration: EnumerationShape }
  /** A function, because messages may contain themselves. */
  | MessageReference
  | ListShape
  | MapShape;

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
}

export interface ListShape {
  readonly kind: "list";
  readonly item: Shape;
  /** One field with all items, or one field per item. MessagePack knows no difference. */
  readonly packed: boolean;
}

export interface MapShape {
  readonly kind: "map";
  /** bool, integer, string, bytes or enumeration. */
  readonly key: Shape;
  readonly value: Shape;
}

export interface EnumerationShape {
  readonly name: string;
  /** Variant name to number, in declaration order. */
  readonly variants: ReadonlyMap<string, number>;
  /** An open enumeration reads an undeclared number n as `unknown(n)` and writes it back; a closed one refuses. */
  readonly open: boolean;
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
  readonly members: readonly (FieldShape | OneofShape)[];
}
