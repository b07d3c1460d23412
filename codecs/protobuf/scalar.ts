/** Everything that is one value on the wire and no message: how it is written, read and found empty. */
import type { Writer } from "protobufjs/minimal.js";
import { isBytes, lengthOf, plainBytes } from "../bytes.ts";
import { DecodeError } from "../errors.ts";
import { checkBool, checkBytes, checkFloat, checkText } from "../schema/check-value.ts";
import { SchemaError } from "../schema/errors.ts";
import type { EnumerationShape, Shape } from "../schema/shape.ts";
import { namesOf, numbersOf } from "../schema/variants.ts";
import { decodeText } from "../text.ts";
import { integerCodec } from "./integer.ts";
import {
  FIXED_32,
  FIXED_64,
  LENGTH_DELIMITED,
  type Unsigned,
  VARINT,
  type WireReader,
} from "./wire-reader.ts";

export interface ScalarCodec {
  readonly wireType: number;
  /** What an absent implicit field reads as. */
  empty(): unknown;
  /** Never throws: a value of a wrong type is not empty, and `write` will refuse it. */
  isEmpty(value: unknown): boolean;
  /** Without the key. Throws `EncodeError` for a value that the type cannot hold. */
  write(value: unknown, writer: Writer): void;
  read(reader: WireReader): unknown;
}

/** Undefined for messages, lists and maps. */
export function scalarCodec(shape: Shape): ScalarCodec | undefined {
  switch (shape.kind) {
    case "bool":
      return boolCodec;
    case "integer":
      return integerCodec(shape);
    case "float":
      return floatCodec(shape.bits);
    case "string":
      return stringCodec;
    case "bytes":
      return bytesCodec;
    case "enumeration":
      return enumerationCodec(shape.enumeration);
    default:
      return undefined;
  }
}

const boolCodec: ScalarCodec = {
  wireType: VARINT,
  empty: () => false,
  isEmpty: (value) => value === false,
  write(value, writer) {
    checkBool(value);
    writer.bool(value);
  },
  read(reader) {
    const start = reader.pos;
    const wire = reader.varint();
    if (wire === 0 || wire === 1) return wire === 1;
    throw new DecodeError("OutOfDomainValue", `Cannot read ${wire} as bool: 0 or 1 needed`, start);
  },
};

/** Only +0 is empty: -0 and NaN are values. */
function floatCodec(bits: 32 | 64): ScalarCodec {
  return {
    wireType: bits === 32 ? FIXED_32 : FIXED_64,
    empty: () => 0,
    isEmpty: (value) => Object.is(value, 0),
    write(value, writer) {
      checkFloat(bits, value);
      if (bits === 32) writer.float(value);
      else writer.double(value);
    },
    read(reader) {
      reader.need(bits / 8);
      return bits === 32 ? reader.float() : reader.double();
    },
  };
}

const stringCodec: ScalarCodec = {
  wireType: LENGTH_DELIMITED,
  empty: () => "",
  isEmpty: (value) => value === "",
  write(value, writer) {
    checkText(value);
    writer.string(value);
  },
  read(reader) {
    const length = reader.size();
    const start = reader.pos;
    reader.pos += length;
    return decodeText(reader.raw(start, reader.pos), start);
  },
};

const NO_BYTES = new Uint8Array(0);

const bytesCodec: ScalarCodec = {
  wireType: LENGTH_DELIMITED,
  empty: () => NO_BYTES,
  isEmpty: (value) => isBytes(value) && lengthOf(value) === 0,
  write(value, writer) {
    checkBytes(value);
    writer.bytes(plainBytes(value));
  },
  read(reader) {
    const length = reader.size();
    const start = reader.pos;
    reader.pos += length;
    const view = reader.raw(start, reader.pos);
    return reader.copy ? view.slice() : view;
  },
};

/**
 * An enumeration is an int32 here: a number above 2^31 - 1 is written as the negative one with the
 * same 32 bits, in ten bytes.
 */
function enumerationCodec(shape: EnumerationShape): ScalarCodec {
  for (const [name, number] of shape.variants) {
    if (number <= 0x7fff_ffff) continue;
    throw new SchemaError(
      `Cannot use ${shape.name} in protobuf: ${name} has number ${number}, at most 2^31 - 1 needed`,
    );
  }
  const numberOf = numbersOf(shape);
  const nameOf = namesOf(shape);
  const empty = nameOf(0);
  return {
    wireType: VARINT,
    empty() {
      if (empty !== undefined) return empty;
      throw new SchemaError(`Cannot leave out ${shape.name}: it is closed and has no variant 0`);
    },
    isEmpty: (value) =>
      typeof value === "string" &&
      (value === empty ||
        shape.variants.get(value) === 0 ||
        (shape.open && value === "unknown(0)")),
    write(value, writer) {
      writer.int32(numberOf(value) | 0);
    },
    read(reader) {
      const start = reader.pos;
      const wire = reader.varint();
      const name = nameOf(variantNumber(wire, start));
      if (name !== undefined) return name;
      const problem = `Cannot read ${wire} as ${shape.name}: it has no such variant`;
      throw new DecodeError("OutOfDomainValue", problem, start);
    },
  };
}

const NEGATIVE_MIN = 2n ** 64n - 2n ** 31n;

function variantNumber(wire: Unsigned, start: number): number {
  if (wire <= 0x7fff_ffff) return Number(wire);
  if (wire >= NEGATIVE_MIN) return Number(BigInt(wire) & 0xffff_ffffn);
  throw new DecodeError("OutOfDomainValue", `Cannot read ${wire} as a variant: 32 bits`, start);
}
