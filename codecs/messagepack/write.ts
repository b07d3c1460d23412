/** Turns values into the plain tree that the library writes: declaration order, empty implicit fields left out. */
import { EncodeError, type EncodeErrorCode } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { isEmpty } from "../schema/empty.ts";
import { unknownNumber } from "../schema/enumeration.ts";
import type {
  EnumerationShape,
  FieldShape,
  IntegerShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import { unknownToWrite } from "../unknown.ts";
import { unknownValue } from "./read.ts";

export interface Writing {
  readonly path: string[];
  readonly limits: Limits;
  depth: number;
}

export type Write = (value: unknown, writing: Writing) => unknown;

export function compileMessage(shape: MessageShape, known: Map<MessageShape, Write>): Write {
  const made = known.get(shape);
  if (made) return made;
  let write: Write = () => undefined;
  known.set(shape, (value, writing) => write(value, writing));
  const members = shape.members.map((member) => ({ member, write: compileMember(member, known) }));
  write = (value, writing) => {
    if (typeof value !== "object" || value === null)
      throw wrong("InvalidValue", value, shape.name, writing);
    if (++writing.depth > writing.limits.depthMax + 1) {
      throw wrong(
        "RecursionLimitReached",
        "a message",
        `at most ${writing.limits.depthMax} levels`,
        writing,
      );
    }
    const tree: Record<string, unknown> = {};
    for (const { member, write: step } of members) {
      const found = (value as Record<string, unknown>)[member.name];
      if (found === undefined) continue;
      writing.path.push(member.name);
      const written = step(found, writing);
      if (written !== undefined) tree[member.name] = written;
      writing.path.pop();
    }
    const unknown = unknownToWrite(value, "msgpack", shape);
    for (const { key, body } of unknown?.fields ?? []) {
      // A oneof that was set since then replaces the variant that was not understood.
      if (!Object.hasOwn(tree, String(key))) tree[String(key)] = unknownValue(body);
    }
    writing.depth--;
    return tree;
  };
  known.set(shape, write);
  return write;
}

/** Undefined: not written. */
function compileMember(member: FieldShape | OneofShape, known: Map<MessageShape, Write>): Write {
  if (member.kind === "oneof") return compileOneof(member, known);
  const write = compileShape(member.type, known);
  if (member.presence === "optional") return write;
  return (value, writing) => {
    const written = write(value, writing);
    return isEmpty(member.type, value) && !holdsUnknown(written) ? undefined : written;
  };
}

/** An empty message with unknown fields inside is not empty on the wire. */
function holdsUnknown(written: unknown): boolean {
  const isTree = typeof written === "object" && written !== null && !Array.isArray(written);
  return isTree && !(written instanceof Uint8Array) && Object.keys(written).length > 0;
}

function compileOneof(oneof: OneofShape, known: Map<MessageShape, Write>): Write {
  const variants = new Map(
    oneof.variants.map(({ name, type }) => [name, compileShape(type, known)]),
  );
  return (value, writing) => {
    const chosen = value as { readonly case: string; readonly value: unknown };
    const write = variants.get(chosen.case);
    if (!write)
      throw wrong(
        "InvalidValue",
        chosen.case,
        `one of ${[...variants.keys()].join(", ")}`,
        writing,
      );
    writing.path.push(chosen.case);
    const written = { [chosen.case]: write(chosen.value, writing) };
    writing.path.pop();
    return written;
  };
}

function compileShape(shape: Shape, known: Map<MessageShape, Write>): Write {
  switch (shape.kind) {
    case "bool":
      return (value, writing) =>
        expectValue(typeof value === "boolean", value, "a boolean", writing);
    case "integer":
      return (value, writing) => writeInteger(shape, value, writing);
    case "float":
      return (value, writing) => expectValue(typeof value === "number", value, "a number", writing);
    case "string":
      return writeText;
    case "bytes":
      return writeBytes;
    case "enumeration":
      return (value, writing) => writeVariant(shape.enumeration, value, writing);
    case "message": {
      let write: Write | undefined;
      return (value, writing) => {
        write ??= compileMessage(shape.message(), known);
        return write(value, writing);
      };
    }
    case "list": {
      const item = compileShape(shape.item, known);
      return (value, writing) => writeList(value, item, writing);
    }
    case "map":
      return compileMap(compileShape(shape.key, known), compileShape(shape.value, known));
  }
}

function writeList(value: unknown, item: Write, writing: Writing): unknown[] {
  if (!Array.isArray(value)) throw wrong("InvalidValue", value, "an array", writing);
  checkCount(value.length, writing.limits.countMax, writing);
  return value.map((one, place) => {
    writing.path.push(`[${place}]`);
    const written = item(one, writing);
    writing.path.pop();
    return written;
  });
}

function compileMap(key: Write, item: Write): Write {
  return (value, writing) => {
    if (!(value instanceof Map)) throw wrong("InvalidValue", value, "a Map", writing);
    checkCount(value.size, writing.limits.countMax, writing);
    const pairs = [...value].sort(([a], [b]) => compareKeys(a, b));
    return pairs.map(([first, second]) => {
      writing.path.push(`[${String(first)}]`);
      const written = [key(first, writing), item(second, writing)];
      writing.path.pop();
      return written;
    });
  };
}

/** Numbers by value, text by UTF-8 bytes, bytes lexicographically: the same map has the same bytes. */
function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === "string" || a instanceof Uint8Array) return compareBytes(bytesOf(a), bytesOf(b));
  if (a === b) return 0;
  return (a as number) < (b as number) ? -1 : 1;
}

function bytesOf(key: unknown): Uint8Array {
  return key instanceof Uint8Array ? key : ENCODER.encode(String(key));
}

const ENCODER = new TextEncoder();

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const U32_MAX = 0xffff_ffff;

/** The library writes a number above 32 bits as a float when bigints are on, so those go as bigint. */
function writeInteger(shape: IntegerShape, value: unknown, writing: Writing): number | bigint {
  const isInteger = shape.as === "bigint" ? typeof value === "bigint" : Number.isSafeInteger(value);
  if (!isInteger)
    throw wrong(
      "OutOfDomainValue",
      value,
      shape.as === "bigint" ? "a bigint" : "a safe integer",
      writing,
    );
  const wide = BigInt(value as number);
  const kept = shape.signed ? BigInt.asIntN(shape.bits, wide) : BigInt.asUintN(shape.bits, wide);
  if (kept !== wide) {
    throw wrong(
      "OutOfDomainValue",
      value,
      `${shape.signed ? "a signed" : "an unsigned"} ${shape.bits}-bit integer`,
      writing,
    );
  }
  const small = wide >= -0x8000_0000n && wide <= BigInt(U32_MAX);
  return small ? Number(wide) : wide;
}

function writeText(value: unknown, writing: Writing): string {
  if (typeof value !== "string") throw wrong("InvalidValue", value, "text", writing);
  if (!value.isWellFormed())
    throw wrong("InvalidValue", "a lone surrogate", "well-formed text", writing);
  checkCount(value.length, writing.limits.lengthMax, writing);
  return value;
}

function writeBytes(value: unknown, writing: Writing): Uint8Array {
  if (!(value instanceof Uint8Array)) throw wrong("InvalidValue", value, "a Uint8Array", writing);
  checkCount(value.length, writing.limits.lengthMax, writing);
  return value;
}

function writeVariant(enumeration: EnumerationShape, value: unknown, writing: Writing): number {
  const known = enumeration.variants.get(value as string);
  if (known !== undefined) return known;
  const number = enumeration.open && typeof value === "string" ? unknownNumber(value) : undefined;
  if (number === undefined)
    throw wrong("OutOfDomainValue", value, `a variant of ${enumeration.name}`, writing);
  return number;
}

function checkCount(count: number, max: number, writing: Writing): void {
  if (count > max) throw wrong("LimitExceeded", count, `at most ${max}`, writing);
}

function expectValue(claim: boolean, value: unknown, needed: string, writing: Writing): unknown {
  if (!claim) throw wrong("InvalidValue", value, needed, writing);
  return value;
}

function wrong(
  code: EncodeErrorCode,
  value: unknown,
  needed: string,
  writing: Writing,
): EncodeError {
  const shown =
    typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value).slice(0, 40);
  return new EncodeError(code, `Cannot encode ${shown}: ${needed} is needed`, [...writing.path]);
}
