/**
 * Types made of other types, without a number: `listOf(uint32)` is a type, `listOf(uint32)(3)` a field.
 * What only Bilrost can hold (sets, arrays, tuples, ranges, times …) is refused at a version of another
 * format when the protocol is defined.
 */
import { SchemaError } from "./errors.ts";
import {
  type NeverEmpty,
  type Scalar,
  scalar,
  specOf,
  type TypeLike,
  type TypeSpec,
  type ValueOfType,
} from "./field.ts";
import type { FloatShape } from "./shape.ts";
import { TIME_TYPES, type TimeType, type TimeValue } from "./time.ts";

type Items<X extends TypeLike> = Scalar<readonly ValueOfType<X>[]>;
type SetOf<X extends TypeLike> = Scalar<ReadonlySet<ValueOfType<X>>>;

/** A list with one field per item; inside another type it is packed all the same. */
export function listOf<X extends TypeLike>(item: X): Items<X> {
  return scalar({ kind: "list", item: specOf(item), packed: false });
}

/** A list with all items in one field. */
export function packedOf<X extends TypeLike>(item: X): Items<X> {
  return scalar({ kind: "list", item: specOf(item), packed: true });
}

/** Bilrost only. Items are written in canonical order, each once. */
export function setOf<X extends TypeLike>(item: X): SetOf<X> {
  return scalar({ kind: "list", item: specOf(item), packed: false, set: true });
}

/** Bilrost only. */
export function packedSetOf<X extends TypeLike>(item: X): SetOf<X> {
  return scalar({ kind: "list", item: specOf(item), packed: true, set: true });
}

/** Bilrost only. Exactly `length` items; left out when all of them are empty. */
export function arrayOf<X extends TypeLike>(item: X, length: number): Items<X> {
  return scalar({ kind: "list", item: specOf(item), packed: false, length: checkSize(length) });
}

/** Bilrost only. */
export function packedArrayOf<X extends TypeLike>(item: X, length: number): Items<X> {
  return scalar({ kind: "list", item: specOf(item), packed: true, length: checkSize(length) });
}

export function mapOf<K extends TypeLike, V extends TypeLike>(
  key: K,
  value: V,
): Scalar<ReadonlyMap<ValueOfType<K>, ValueOfType<V>>> {
  return scalar({ kind: "map", key: specOf(key), value: specOf(value) });
}

/** Bilrost only: a message whose members are places, numbered from 0. */
export function tupleOf<const X extends readonly TypeLike[]>(
  ...items: X
): Scalar<{ readonly [K in keyof X]: ValueOfType<X[K]> }> {
  return scalar({ kind: "tuple", items: items.map(specOf) });
}

/** Bilrost only: a tuple of `start` and `end`, inclusive or not. */
export function rangeOf<X extends TypeLike>(
  of: X,
  { inclusive = false }: { readonly inclusive?: boolean } = {},
): Scalar<{ readonly start: ValueOfType<X>; readonly end: ValueOfType<X> }> {
  return scalar({ kind: "range", of: specOf(of), inclusive });
}

/** Bilrost only. It has no empty value: only optional fields, oneof variants, items and entries hold it. */
export function nonZero<T extends number | bigint>(type: Scalar<T>): Scalar<T, NeverEmpty> {
  const { spec } = type;
  if (spec.kind !== "integer") throw new SchemaError("Cannot forbid zero: an integer type needed");
  return scalar<T>({ ...spec, nonZero: true }) as unknown as Scalar<T, NeverEmpty>;
}

/** Bilrost only. Exactly `length` bytes; left out when all of them are zero. */
export function byteArray(length: number): Scalar<Uint8Array> {
  return scalar({ kind: "bytes", length: checkSize(length) });
}

/** Bilrost only: four or eight bytes in the place of a fixed integer. */
export function fixedBytes(length: 4 | 8): Scalar<Uint8Array> {
  return scalar({ kind: "bytes", length, fixed: true });
}

/** Bilrost only: a float by its IEEE 754 pattern, which keeps the payload of a NaN. */
export const float32Bits: Scalar<number> = scalar(pattern(32));
export const float64Bits: Scalar<bigint> = scalar(pattern(64));

/** Bilrost only: a date, time or duration as Rust's libraries write it; see `TimeType`. */
export function time<const T extends TimeType>(type: T): Scalar<TimeValue<T>> {
  if (!TIME_TYPES.includes(type)) throw new SchemaError(`Cannot define a time: no type "${type}"`);
  const spec: TypeSpec = { kind: "time", type };
  return scalar(spec);
}

function pattern(bits: 32 | 64): FloatShape {
  return { kind: "float", bits, as: "pattern" };
}

function checkSize(length: number): number {
  if (Number.isSafeInteger(length) && length >= 0 && length <= 2 ** 20) return length;
  throw new SchemaError(`Cannot define an array of ${length}: 0 to 1,048,576 needed`);
}
