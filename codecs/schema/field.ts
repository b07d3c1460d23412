/** Fields with their lineage: since when, until when, under which number and type. */
import type { EnumerationDefinition, UnknownVariant } from "./enumeration.ts";
import { checkVersions, SchemaError } from "./errors.ts";
import type { MessageDefinition } from "./message.ts";
import type { BytesShape, FloatShape, IntegerShape, ListShape, TimeShape } from "./shape.ts";

/** The type of a field before lineage is resolved. */
export type TypeSpec =
  | { readonly kind: "bool" | "string" }
  | IntegerShape
  | FloatShape
  | BytesShape
  | TimeShape
  | { readonly kind: "enumeration"; readonly definition: EnumerationDefinition<string> }
  | { readonly kind: "message"; readonly definition: () => MessageDefinition<object> }
  | ListSpec
  | { readonly kind: "tuple"; readonly items: readonly TypeSpec[] }
  | { readonly kind: "range"; readonly of: TypeSpec; readonly inclusive: boolean }
  | { readonly kind: "map"; readonly key: TypeSpec; readonly value: TypeSpec };

export interface ListSpec extends Omit<ListShape, "item"> {
  readonly item: TypeSpec;
}

export type Presence = "implicit" | "optional";

/** Type only: implicit for now, and so no member of a message; `optional` and oneofs take it. */
export type NeverEmpty = "neverEmpty";

/** A change that holds from a version on. */
export interface From<T> {
  readonly from: number;
  readonly is: T;
}

export interface Lineage {
  readonly since: number;
  /** Last version that has the field. */
  readonly until: number;
  readonly numbers: readonly From<number>[];
  readonly types: readonly From<TypeSpec>[];
  /** Why the value may be dropped at a version without the field. */
  readonly loss: string | undefined;
}

const TAG_MAX = 0xffff_ffff;

/** One field of a message. Immutable: each lineage method gives a new one. */
export class Field<T, P extends Presence | NeverEmpty = "implicit"> {
  readonly presence: P;
  readonly lineage: Lineage;
  /** Type only; never there at run time. */
  declare readonly value: T;

  constructor(presence: P, lineage: Lineage) {
    for (const { is } of lineage.numbers) {
      if (!Number.isInteger(is) || is < 0 || is > TAG_MAX) {
        throw new SchemaError(`Cannot number a field ${is}: 0 to 2^32 - 1 is needed`);
      }
    }
    checkVersions(lineage.since, lineage.until);
    for (const { from } of [...lineage.numbers, ...lineage.types]) checkVersions(from, Infinity);
    this.presence = presence;
    this.lineage = lineage;
  }

  /** First version that has the field. */
  since(version: number): Field<T, P> {
    return this.#with({ since: version });
  }

  /** Last version that has the field. */
  until(version: number): Field<T, P> {
    return this.#with({ until: version });
  }

  /** Why dropping the value is acceptable at a version without the field. Without it, encoding refuses. */
  loss(reason: string): Field<T, P> {
    return this.#with({ loss: reason });
  }

  /** The field's number from a version on. */
  numbered(version: number, number: number): Field<T, P> {
    return this.#with({ numbers: [...this.lineage.numbers, { from: version, is: number }] });
  }

  /** The field's type from a version on, for instance a wider integer. The value's TypeScript type stays. */
  as(version: number, type: Scalar<T> | Scalar<T, NeverEmpty>): Field<T, P> {
    return this.#with({ types: [...this.lineage.types, { from: version, is: type.spec }] });
  }

  /** A list that is packed from a version on. */
  packedSince(version: number): Field<T, P> {
    const spec = this.lineage.types.at(-1)?.is;
    if (spec?.kind !== "list") throw new SchemaError("Cannot pack: only a list can be packed");
    const is: TypeSpec = { ...spec, packed: true };
    return this.#with({ types: [...this.lineage.types, { from: version, is }] });
  }

  #with(change: Partial<Lineage>): Field<T, P> {
    return new Field<T, P>(this.presence, { ...this.lineage, ...change });
  }
}

export type AnyField = Field<unknown, Presence>;

/** Called with a number it is a field; uncalled it is the type of list items and map entries. */
export interface Scalar<T, P extends "implicit" | NeverEmpty = "implicit"> {
  (number: number): Field<T, P>;
  readonly spec: TypeSpec;
  /** Type only. */
  readonly valueType?: T;
}

/** What may stand where a type is asked for. A thunk lets messages contain themselves. */
export type TypeLike =
  | Scalar<never>
  | Scalar<unknown>
  | Scalar<never, NeverEmpty>
  | Scalar<unknown, NeverEmpty>
  | EnumerationDefinition<string>
  | MessageDefinition<object>
  | (() => MessageDefinition<object>);

export type ValueOfType<X> =
  X extends Scalar<infer T, infer _P>
    ? T
    : X extends EnumerationDefinition<infer V, infer Open>
      ? V | ([Open] extends [false] ? never : UnknownVariant)
      : X extends MessageDefinition<infer M>
        ? M
        : X extends () => MessageDefinition<infer M>
          ? M
          : never;

export function specOf(type: TypeLike): TypeSpec {
  if (typeof type === "function") {
    return "spec" in type ? type.spec : { kind: "message", definition: type };
  }
  if (type.kind === "enumeration") return { kind: "enumeration", definition: type };
  return { kind: "message", definition: () => type };
}

function newField<T>(number: number, spec: TypeSpec): Field<T> {
  return new Field<T>("implicit", {
    since: 1,
    until: Infinity,
    numbers: [{ from: 1, is: number }],
    types: [{ from: 1, is: spec }],
    loss: undefined,
  });
}

export function scalar<T>(spec: TypeSpec): Scalar<T> {
  return Object.assign((number: number): Field<T> => newField<T>(number, spec), { spec });
}

function integer(
  signed: boolean,
  bits: IntegerShape["bits"],
  encoding: IntegerShape["encoding"] = "varint",
  as: IntegerShape["as"] = "number",
): IntegerShape {
  return { kind: "integer", signed, bits, encoding, as };
}

export const bool: Scalar<boolean> = scalar({ kind: "bool" });
export const string: Scalar<string> = scalar({ kind: "string" });
export const bytes: Scalar<Uint8Array> = scalar({ kind: "bytes" });
export const float32: Scalar<number> = scalar({ kind: "float", bits: 32 });
export const float64: Scalar<number> = scalar({ kind: "float", bits: 64 });
export const uint8: Scalar<number> = scalar(integer(false, 8));
export const uint16: Scalar<number> = scalar(integer(false, 16));
export const uint32: Scalar<number> = scalar(integer(false, 32));
/** Up to 2^53 - 1; see `bigUint64` for the whole range. */
export const uint64: Scalar<number> = scalar(integer(false, 64));
export const int8: Scalar<number> = scalar(integer(true, 8));
export const int16: Scalar<number> = scalar(integer(true, 16));
export const int32: Scalar<number> = scalar(integer(true, 32));
export const int64: Scalar<number> = scalar(integer(true, 64));
export const fixed32: Scalar<number> = scalar(integer(false, 32, "fixed"));
export const fixed64: Scalar<number> = scalar(integer(false, 64, "fixed"));
export const sfixed32: Scalar<number> = scalar(integer(true, 32, "fixed"));
export const sfixed64: Scalar<number> = scalar(integer(true, 64, "fixed"));
export const bigUint64: Scalar<bigint> = scalar(integer(false, 64, "varint", "bigint"));
export const bigInt64: Scalar<bigint> = scalar(integer(true, 64, "varint", "bigint"));

type PresenceOf<X> = X extends Scalar<infer _T, infer P> ? P : "implicit";

/** A field that holds an enumeration or a message (or any type). */
export function field<X extends TypeLike>(
  number: number,
  type: X,
): Field<ValueOfType<X>, PresenceOf<X>> {
  return newField(number, specOf(type)) as Field<ValueOfType<X>, PresenceOf<X>>;
}

/** One field per item. */
export function list<X extends TypeLike>(
  number: number,
  item: X,
): Field<readonly ValueOfType<X>[]> {
  return newField(number, { kind: "list", item: specOf(item), packed: false });
}

/** All items in one field. */
export function packed<X extends TypeLike>(
  number: number,
  item: X,
): Field<readonly ValueOfType<X>[]> {
  return newField(number, { kind: "list", item: specOf(item), packed: true });
}

/** Entries are written in canonical order of keys; a key is a bool, integer, string, bytes or enumeration. */
export function map<K extends TypeLike, V extends TypeLike>(
  number: number,
  key: K,
  value: V,
): Field<ReadonlyMap<ValueOfType<K>, ValueOfType<V>>> {
  return newField(number, { kind: "map", key: specOf(key), value: specOf(value) });
}

/** Presence becomes information: absent and empty are two things. */
export function optional<T>(of: Field<T> | Field<T, NeverEmpty>): Field<T, "optional"> {
  return new Field("optional", of.lineage);
}

/** The last change that holds at a version; there is always one from version 1 on. */
export function latest<T>(changes: readonly From<T>[], version: number): T {
  let found: T | undefined;
  let from = -1;
  for (const change of changes) {
    if (change.from > version || change.from < from) continue;
    found = change.is;
    from = change.from;
  }
  if (found === undefined)
    throw new SchemaError(`No form of this field exists at version ${version}`);
  return found;
}
