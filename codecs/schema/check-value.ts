/**
 * What a value must be before it is written, the same in every format. Each check throws
 * `EncodeError` without a path, which the caller adds on the way out.
 */
import { isBytes, lengthOf } from "../bytes.ts";
import { EncodeError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { IntegerShape } from "./shape.ts";

export type IntegerCheck = (value: unknown) => void;

/** Checks type and range once per value; the bounds are computed once per shape. */
export function integerCheck({ signed, bits, as }: IntegerShape): IntegerCheck {
  const name = `${signed ? "a signed" : "an unsigned"} ${bits}-bit integer`;
  if (as === "bigint") return bigintCheck(signed, bits, name);
  const max = Math.min(2 ** (signed ? bits - 1 : bits) - 1, Number.MAX_SAFE_INTEGER);
  const min = signed ? Math.max(-(2 ** (bits - 1)), Number.MIN_SAFE_INTEGER) : 0;
  return (value) => {
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
    const needed = bits === 64 ? `${name} up to 2^53 - 1` : name;
    throw new EncodeError("OutOfDomainValue", `Cannot encode ${show(value)}: ${needed} needed`);
  };
}

function bigintCheck(signed: boolean, bits: number, name: string): IntegerCheck {
  const wrap = signed ? BigInt.asIntN : BigInt.asUintN;
  return (value) => {
    if (typeof value === "bigint" && wrap(bits, value) === value) return;
    throw new EncodeError(
      "OutOfDomainValue",
      `Cannot encode ${show(value)}: ${name} as a bigint needed`,
    );
  };
}

export function checkBool(value: unknown): asserts value is boolean {
  if (typeof value !== "boolean") throw wrongType(value, "a boolean");
}

/** A 32-bit float that would be rounded is refused: it would not come back as it was. */
export function checkFloat(bits: 32 | 64, value: unknown): asserts value is number {
  if (typeof value !== "number") throw wrongType(value, "a number");
  if (bits === 64 || Object.is(Math.fround(value), value)) return;
  throw new EncodeError(
    "OutOfDomainValue",
    `Cannot encode ${value}: a 32-bit float would round it`,
  );
}

export function checkText(value: unknown): asserts value is string {
  if (typeof value !== "string") throw wrongType(value, "a string");
  if (!value.isWellFormed()) {
    throw new EncodeError(
      "InvalidValue",
      "Cannot encode string: a lone surrogate has no UTF-8 form",
    );
  }
}

export function checkBytes(value: unknown): asserts value is Uint8Array {
  if (!isBytes(value)) throw wrongType(value, "a Uint8Array");
  const { length, byteLength } = value;
  if (length === lengthOf(value) && byteLength === lengthOf(value)) return;
  const problem = `Cannot encode ${lengthOf(value)} bytes: they say that they are ${show(length)}`;
  throw new EncodeError("InvalidValue", problem);
}

export function checkList(value: unknown, limits: Limits): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(value, "an array");
  checkCount(value.length, limits);
}

export function checkMap(
  value: unknown,
  limits: Limits,
): asserts value is ReadonlyMap<unknown, unknown> {
  if (!(value instanceof Map)) throw wrongType(value, "a Map");
  checkCount(value.size, limits);
}

export function checkMessage(value: unknown): asserts value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw wrongType(value, "a message");
}

export function checkDepth(depth: number, limits: Limits): void {
  if (depth < limits.depthMax) return;
  throw new EncodeError(
    "RecursionLimitReached",
    `Cannot encode message: it is nested deeper than ${limits.depthMax}`,
  );
}

/** For the message as a whole, and so for every string and byte field in it. */
export function checkLength(length: number, { lengthMax }: Limits): void {
  if (length <= lengthMax) return;
  throw new EncodeError("LimitExceeded", `Cannot encode ${length} bytes: at most ${lengthMax}`);
}

function checkCount(count: number, { countMax }: Limits): void {
  if (count <= countMax) return;
  throw new EncodeError("LimitExceeded", `Cannot encode ${count} items: at most ${countMax}`);
}

function wrongType(value: unknown, needed: string): EncodeError {
  return new EncodeError("InvalidValue", `Cannot encode ${show(value)}: ${needed} needed`);
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "an array" : "an object";
  }
  return typeof value === "function" ? "a function" : String(value).slice(0, 40);
}

/** What a oneof's `case` holds, for a message: it may be anything, and none of it is to run. */
export function noVariant(chosen: unknown): EncodeError {
  const shown = typeof chosen === "string" ? `"${chosen.slice(0, 40)}"` : typeof chosen;
  return new EncodeError("OutOfDomainValue", `Cannot encode oneof: it has no variant ${shown}`);
}
