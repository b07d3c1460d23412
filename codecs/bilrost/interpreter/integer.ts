/**
 * Integers. As varints the signed ones are zigzag at every width, i8 and i16 included, and the width is
 * checked on the unsigned number; as fixed ones they are two's complement.
 */
import { assert } from "../../../base/index.ts";
import type { ByteReader } from "../../byte-reader.ts";
import type { ByteWriter } from "../../byte-writer.ts";
import { DecodeError, EncodeError } from "../../errors.ts";
import { SchemaError } from "../../schema/errors.ts";
import type { IntegerShape } from "../../schema/shape.ts";
import { readVarint, type Unsigned, varintLength, writeVarint } from "../varint.ts";
import type { ValueCodec } from "./value-codec.ts";
import { FIXED_32, FIXED_64, VARINT } from "./wire.ts";

const ZIGZAG_EXACT = 2 ** 52; // Doubling a number below this stays exact.
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

export function integerCodec(shape: IntegerShape): ValueCodec {
  return shape.encoding === "fixed" ? fixedCodec(shape) : varintCodec(shape);
}

function varintCodec(shape: IntegerShape): ValueCodec {
  const check = checkOf(shape);
  const wireMax = shape.bits === 64 ? Number.POSITIVE_INFINITY : 2 ** shape.bits - 1;
  const toWire = shape.signed ? zigzag : (value: Unsigned) => value;
  const fromWire = shape.signed ? unZigzag : (value: Unsigned) => value;
  const present = presentOf(shape);
  return {
    wireType: VARINT,
    ...emptinessOf(shape),
    measure: (value) => varintLength(toWire(check(value))),
    write: (value, writer) => writeVarint(writer, toWire(value as Unsigned)),
    read({ reader }) {
      const start = reader.offset;
      const wire = readVarint(reader);
      if (wire > wireMax) throw outOfDomain(wire, shape, start);
      return present(fromWire(wire), start);
    },
  };
}

function fixedCodec(shape: IntegerShape): ValueCodec {
  assert(shape.bits === 32 || shape.bits === 64, "a fixed integer has 32 or 64 bits");
  const check = checkOf(shape);
  const present = presentOf(shape);
  const size = shape.bits === 32 ? 4 : 8;
  const { read, write } = shape.bits === 32 ? fixed32(shape.signed) : fixed64(shape.signed);
  return {
    wireType: shape.bits === 32 ? FIXED_32 : FIXED_64,
    fixedSize: size,
    ...emptinessOf(shape),
    measure(value) {
      check(value);
      return size;
    },
    write: (value, writer) => write(writer, value as Unsigned),
    read({ reader }) {
      const start = reader.offset;
      return present(read(reader), start);
    },
  };
}

interface FixedForm {
  read(reader: ByteReader): Unsigned;
  write(writer: ByteWriter, value: Unsigned): void;
}

function fixed32(signed: boolean): FixedForm {
  return signed
    ? { read: (reader) => reader.i32(), write: (writer, value) => writer.i32(Number(value)) }
    : { read: (reader) => reader.u32(), write: (writer, value) => writer.u32(Number(value)) };
}

function fixed64(signed: boolean): FixedForm {
  return signed
    ? { read: (reader) => reader.i64(), write: (writer, value) => writer.i64(BigInt(value)) }
    : { read: (reader) => reader.u64(), write: (writer, value) => writer.u64(BigInt(value)) };
}

function zigzag(value: Unsigned): Unsigned {
  if (typeof value === "number" && value < ZIGZAG_EXACT && value > -ZIGZAG_EXACT) {
    return value >= 0 ? 2 * value : -2 * value - 1;
  }
  const exact = BigInt(value);
  return exact >= 0n ? 2n * exact : -2n * exact - 1n;
}

function unZigzag(wire: Unsigned): Unsigned {
  if (typeof wire === "number") return wire % 2 === 0 ? wire / 2 : -((wire + 1) / 2);
  return wire % 2n === 0n ? wire / 2n : -((wire + 1n) / 2n);
}

function emptinessOf(shape: IntegerShape): Pick<ValueCodec, "empty" | "isEmpty"> {
  if (shape.nonZero) {
    const empty = (): never => {
      throw new SchemaError(`Cannot leave out a ${nameOf(shape)} that is never zero`);
    };
    return { empty, isEmpty: () => false };
  }
  if (shape.as === "bigint") return { empty: () => 0n, isEmpty: (value) => value === 0n };
  return { empty: () => 0, isEmpty: (value) => value === 0 };
}

/** Makes the wire's number what the schema promises: a `bigint`, or a `number` that is exact. */
function presentOf(shape: IntegerShape): (value: Unsigned, offset: number) => Unsigned {
  const present = representOf(shape);
  if (!shape.nonZero) return present;
  return (value, offset) => {
    if (Number(value) !== 0) return present(value, offset);
    throw new DecodeError("InvalidValue", `Cannot read 0 as ${nameOf(shape)}`, offset);
  };
}

function representOf(shape: IntegerShape): (value: Unsigned, offset: number) => Unsigned {
  if (shape.as === "bigint") return (value) => BigInt(value);
  return (value, offset) => {
    if (typeof value === "number") return value;
    if (value <= SAFE_MAX && value >= -SAFE_MAX) return Number(value);
    throw outOfDomain(value, shape, offset);
  };
}

function checkOf(shape: IntegerShape): (value: unknown) => Unsigned {
  const { min, max } = boundsOf(shape);
  return (value) => {
    if (typeof value !== shape.as) {
      throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: ${shape.as} needed`);
    }
    const integer = value as Unsigned;
    const whole = typeof integer === "bigint" || Number.isSafeInteger(integer);
    const isForbidden = shape.nonZero === true && Number(integer) === 0;
    if (whole && integer >= min && integer <= max && !isForbidden) return integer;
    const problem = `Cannot encode ${integer}: ${nameOf(shape)} holds ${min} to ${max}`;
    throw new EncodeError("OutOfDomainValue", problem);
  };
}

function boundsOf({ signed, bits, as }: IntegerShape): { min: Unsigned; max: Unsigned } {
  if (as === "bigint") {
    const span = 2n ** BigInt(bits);
    return signed ? { min: -span / 2n, max: span / 2n - 1n } : { min: 0n, max: span - 1n };
  }
  const max = Math.min(2 ** (signed ? bits - 1 : bits) - 1, Number.MAX_SAFE_INTEGER);
  return { min: signed ? Math.max(-max - 1, Number.MIN_SAFE_INTEGER) : 0, max };
}

function outOfDomain(value: Unsigned, shape: IntegerShape, offset: number): DecodeError {
  const limit = shape.bits === 64 ? " as a number up to 2^53 - 1" : "";
  const problem = `Cannot read ${value} as ${nameOf(shape)}${limit}: it does not fit`;
  return new DecodeError("OutOfDomainValue", problem, offset);
}

function nameOf({ signed, bits, nonZero }: IntegerShape): string {
  return `${nonZero ? "non-zero " : ""}${signed ? "int" : "uint"}${bits}`;
}
