/**
 * Integers. Signed varints are zigzag (sint32, sint64) at every width. A number that does not fit is
 * refused where protobuf would cut off its upper bits, because that would be a silent misreading.
 */
import type { Writer } from "protobufjs/minimal.js";
import { DecodeError } from "../errors.ts";
import { integerCheck } from "../schema/check-value.ts";
import type { IntegerShape } from "../schema/shape.ts";
import type { ScalarCodec } from "./scalar.ts";
import { FIXED_32, FIXED_64, type Unsigned, VARINT, type WireReader } from "./wire-reader.ts";

type WriteInteger = (value: Unsigned, writer: Writer) => void;
type ReadInteger = (reader: WireReader) => Unsigned;

export function integerCodec(shape: IntegerShape): ScalarCodec {
  const check = integerCheck(shape);
  const { wireType, write, read } =
    shape.encoding === "fixed" ? fixedForm(shape) : varintForm(shape);
  const accept = acceptor(shape);
  const empty = shape.as === "bigint" ? 0n : 0;
  return {
    wireType,
    empty: () => empty,
    isEmpty: (value) => value === empty,
    write(value, writer) {
      check(value);
      write(value as Unsigned, writer);
    },
    read(reader) {
      const start = reader.pos;
      return accept(read(reader), start);
    },
  };
}

interface Form {
  readonly wireType: number;
  readonly write: WriteInteger;
  readonly read: ReadInteger;
}

function varintForm({ signed, bits }: IntegerShape): Form {
  const wireMax = bits === 64 ? Number.POSITIVE_INFINITY : 2 ** bits - 1;
  const fromWire = signed ? unZigzag : (wire: Unsigned) => wire;
  return {
    wireType: VARINT,
    write: signed ? writeSigned : writeUnsigned,
    read(reader) {
      const start = reader.pos;
      const wire = reader.varint();
      if (wire <= wireMax) return fromWire(wire);
      throw outOfDomain(wire, `${bits} bits`, start);
    },
  };
}

const writeUnsigned: WriteInteger = (value, writer) => {
  if (value <= 0xffff_ffff) writer.uint32(Number(value));
  else writer.uint64(longOf(value));
};

const writeSigned: WriteInteger = (value, writer) => {
  if (value >= -0x8000_0000 && value <= 0x7fff_ffff) writer.sint32(Number(value));
  else writer.sint64(longOf(value));
};

function unZigzag(wire: Unsigned): Unsigned {
  if (typeof wire === "bigint") return (wire >> 1n) ^ -(wire & 1n);
  return wire % 2 === 0 ? wire / 2 : -(wire + 1) / 2;
}

function fixedForm({ signed, bits }: IntegerShape): Form {
  if (bits === 32) {
    return {
      wireType: FIXED_32,
      write: (value, writer) => writer.fixed32(Number(value)),
      read(reader) {
        reader.need(4);
        return signed ? reader.sfixed32() : reader.fixed32();
      },
    };
  }
  return {
    wireType: FIXED_64,
    write: (value, writer) => writer.fixed64(longOf(value)),
    read(reader) {
      reader.need(8);
      const low = reader.fixed32();
      const high = signed ? reader.sfixed32() : reader.fixed32();
      const near = high * 2 ** 32 + low;
      return Number.isSafeInteger(near) ? near : (BigInt(high) << 32n) + BigInt(low);
    },
  };
}

type LibraryLong = Parameters<Writer["uint64"]>[0];

/** The library takes two halves for what a number cannot hold, and is exact for one that can. */
function longOf(value: Unsigned): LibraryLong {
  if (typeof value === "number") return value;
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return { low, high } as LibraryLong;
}

/** To the form the schema asks for. */
function acceptor({ as }: IntegerShape): (value: Unsigned, start: number) => Unsigned {
  if (as === "bigint") return (value) => BigInt(value);
  return (value, start) => {
    if (Number.isSafeInteger(value)) return value;
    if (Number.isSafeInteger(Number(value))) return Number(value);
    throw outOfDomain(value, "2^53 - 1", start);
  };
}

function outOfDomain(value: Unsigned, most: string, start: number): DecodeError {
  return new DecodeError(
    "OutOfDomainValue",
    `Cannot read ${value}: it does not fit ${most}`,
    start,
  );
}
