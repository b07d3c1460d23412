/** Reads a decoded MessagePack tree as the shape says; the library has already made the values. */
import { decode as decodeRaw } from "@msgpack/msgpack";
import { DecodeError, type DecodeErrorCode } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { emptyValue, variantNamed } from "../schema/empty.ts";
import type {
  EnumerationShape,
  FieldShape,
  IntegerShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import { attachUnknown } from "../unknown.ts";
import { locate } from "./scan.ts";

type Path = (string | number)[];

/** What one decoding carries along. */
export interface Reading {
  readonly bytes: Uint8Array;
  readonly copy: boolean;
  readonly limits: Limits;
  readonly path: Path;
  depth: number;
}

export type Read = (value: unknown, reading: Reading) => unknown;

/** Fails at the present path; the caller adds the offset. */
export class Mismatch extends Error {
  readonly code: DecodeErrorCode;
  readonly path: Path;
  constructor(code: DecodeErrorCode, problem: string, reading: Reading) {
    super(problem);
    this.code = code;
    this.path = [...reading.path];
  }
}

export function compileMessage(shape: MessageShape, known: Map<MessageShape, Read>): Read {
  const made = known.get(shape);
  if (made) return made;
  let read: Read = () => undefined;
  known.set(shape, (value, reading) => read(value, reading));
  const members = new Map(
    shape.members.map((member) => [member.name, compileMember(member, known)]),
  );
  const required = shape.members.flatMap((member) =>
    member.kind === "field" && member.presence === "implicit"
      ? [[member.name, member.type] as const]
      : [],
  );
  read = (value, reading) => {
    const source = asMap(value, reading);
    if (++reading.depth > reading.limits.depthMax + 1) {
      throw new Mismatch(
        "RecursionLimitReached",
        `more than ${reading.limits.depthMax} levels`,
        reading,
      );
    }
    const result: Record<string, unknown> = {};
    for (const [name, type] of required) {
      if (!Object.hasOwn(source, name)) result[name] = emptyValue(type);
    }
    let unknown: string[] | undefined;
    for (const key of Object.keys(source)) {
      const member = members.get(key);
      const held = member && at(key, source[key], member, reading);
      if (held !== undefined) result[key] = held;
      // A oneof that holds a variant from the future is kept like a field from the future.
      else unknown = [...(unknown ?? []), key];
    }
    reading.depth--;
    return unknown ? keep(result, unknown, shape, reading) : result;
  };
  known.set(shape, read);
  return read;
}

/** The body is cut out of the input as it stands, so that it can be written back as it was. */
function keep(
  value: object,
  keys: readonly string[],
  shape: MessageShape,
  reading: Reading,
): object {
  const fields = keys.map((key) => {
    const { start, end } = locate(reading.bytes, [...reading.path, key]);
    return { key, wireType: 0, body: reading.bytes.slice(start, end) };
  });
  return attachUnknown(value, { format: "msgpack", version: shape.version, fields });
}

/** An unknown field's value again, for the library to write. */
export function unknownValue(body: Uint8Array): unknown {
  return decodeRaw(body, { useBigInt64: true });
}

function at(step: string | number, value: unknown, read: Read, reading: Reading): unknown {
  reading.path.push(step);
  const result = read(value, reading);
  reading.path.pop();
  return result;
}

function compileMember(member: FieldShape | OneofShape, known: Map<MessageShape, Read>): Read {
  if (member.kind === "field") return compileShape(member.type, known);
  const variants = new Map(
    member.variants.map(({ name, type }) => [name, compileShape(type, known)]),
  );
  return (value, reading) => {
    const entries = Object.entries(asMap(value, reading));
    const [first] = entries;
    if (entries.length > 1) {
      throw new Mismatch("ConflictingFields", `more than one variant of ${member.name}`, reading);
    }
    const read = first && variants.get(first[0]);
    // A variant from the future: the oneof as a whole cannot be understood.
    if (!first || !read) return undefined;
    return { case: first[0], value: at(first[0], first[1], read, reading) };
  };
}

function compileShape(shape: Shape, known: Map<MessageShape, Read>): Read {
  switch (shape.kind) {
    case "bool":
      return (value, reading) => expectType(typeof value === "boolean", value, "a bool", reading);
    case "integer":
      return (value, reading) => readInteger(shape, value, reading);
    case "float":
      return (value, reading) => expectType(typeof value === "number", value, "a number", reading);
    case "string":
      return readText;
    case "bytes":
      return readBytes;
    case "enumeration":
      return (value, reading) => readVariant(shape.enumeration, value, reading);
    case "message": {
      let read: Read | undefined;
      return (value, reading) => {
        read ??= compileMessage(shape.message(), known);
        return read(value, reading);
      };
    }
    case "list": {
      const item = compileShape(shape.item, known);
      return (value, reading) =>
        asArray(value, reading).map((one, place) => at(place, one, item, reading));
    }
    case "map":
      return compileMap(compileShape(shape.key, known), compileShape(shape.value, known));
  }
}

/** A list of pairs, because keys need not be text. */
function compileMap(key: Read, item: Read): Read {
  return (value, reading) => {
    const result = new Map<unknown, unknown>();
    const seen = new Set<string>();
    asArray(value, reading).forEach((pair, place) => {
      reading.path.push(place);
      const [first, second] = asPair(pair, reading);
      const read = at(0, first, key, reading);
      const identity = read instanceof Uint8Array ? read.join() : `${typeof read} ${String(read)}`;
      if (seen.has(identity))
        throw new Mismatch("UnexpectedlyRepeated", "a key stands twice", reading);
      seen.add(identity);
      result.set(read, at(1, second, item, reading));
      reading.path.pop();
    });
    return result;
  };
}

function readInteger(shape: IntegerShape, value: unknown, reading: Reading): number | bigint {
  if (typeof value !== "bigint" && typeof value !== "number")
    throw wrongType(value, "an integer", reading);
  if (typeof value === "number" && !Number.isInteger(value))
    throw wrongType(value, "an integer", reading);
  const wide = BigInt(value);
  const kept = shape.signed ? BigInt.asIntN(shape.bits, wide) : BigInt.asUintN(shape.bits, wide);
  const tooWide = kept !== wide || (shape.as === "number" && !Number.isSafeInteger(Number(wide)));
  if (!tooWide) return shape.as === "bigint" ? wide : Number(wide);
  const limit = shape.as === "number" && shape.bits === 64 ? "2^53 - 1" : `${shape.bits} bits`;
  throw new Mismatch("OutOfDomainValue", `${value} does not fit ${limit}`, reading);
}

/** That the bytes were UTF-8 was checked by the scan; the library would repair them silently. */
function readText(value: unknown, reading: Reading): unknown {
  return expectType(typeof value === "string", value, "text", reading);
}

function readBytes(value: unknown, reading: Reading): Uint8Array {
  if (!(value instanceof Uint8Array)) throw wrongType(value, "binary", reading);
  return reading.copy ? value.slice() : value;
}

function readVariant(enumeration: EnumerationShape, value: unknown, reading: Reading): string {
  const number = readInteger(U32, value, reading) as number;
  const name = variantNamed(enumeration.variants, number);
  if (name !== undefined) return name;
  if (enumeration.open) return `unknown(${number})`;
  throw new Mismatch("OutOfDomainValue", `${number} is no variant of ${enumeration.name}`, reading);
}

const U32: IntegerShape = {
  kind: "integer",
  signed: false,
  bits: 32,
  encoding: "varint",
  as: "number",
};

function asMap(value: unknown, reading: Reading): Record<string, unknown> {
  const isMap =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array);
  return expectType(isMap, value, "a map", reading) as Record<string, unknown>;
}

function asArray(value: unknown, reading: Reading): readonly unknown[] {
  return expectType(Array.isArray(value), value, "an array", reading) as readonly unknown[];
}

function asPair(value: unknown, reading: Reading): readonly [unknown, unknown] {
  const pair = asArray(value, reading);
  if (pair.length !== 2)
    throw new Mismatch("InvalidValue", `${pair.length} items in a pair`, reading);
  return pair as unknown as readonly [unknown, unknown];
}

function expectType(claim: boolean, value: unknown, needed: string, reading: Reading): unknown {
  if (!claim) throw wrongType(value, needed, reading);
  return value;
}

function wrongType(value: unknown, needed: string, reading: Reading): Mismatch {
  const found = value === null ? "nil" : Array.isArray(value) ? "an array" : typeof value;
  return new Mismatch("WrongWireType", `${found} where ${needed} is expected`, reading);
}

/** From the reader's path to the one people read: the message first, places in brackets. */
export function decodeErrorAt(
  mismatch: Mismatch,
  shape: MessageShape,
  bytes: Uint8Array,
): DecodeError {
  const path = mismatch.path.map((step) => (typeof step === "number" ? `[${step}]` : step));
  const { start } = locate(bytes, mismatch.path);
  return new DecodeError(mismatch.code, mismatch.message, start, [shape.name, ...path]);
}
