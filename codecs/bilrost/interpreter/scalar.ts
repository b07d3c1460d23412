/** Booleans, floats, strings and bytes. */
import { assert } from "../../../base/index.ts";
import { ByteWriter } from "../../byte-writer.ts";
import { isBytes, isZero, lengthOf, plainBytes } from "../../bytes.ts";
import { DecodeError, EncodeError } from "../../errors.ts";
import { checkBool, checkBytes, checkFloat, checkText } from "../../schema/check-value.ts";
import type { BytesShape, FloatShape } from "../../schema/shape.ts";
import { decodeText } from "../../text.ts";
import { readVarint, varintLength, writeVarint } from "../varint.ts";
import type { Decoding } from "./decoding.ts";
import { integerCodec } from "./integer.ts";
import type { ValueCodec } from "./value-codec.ts";
import { FIXED_32, FIXED_64, LENGTH_DELIMITED, readLength, VARINT } from "./wire.ts";

const NO_BYTES = new Uint8Array(0);

export const boolCodec: ValueCodec = {
  wireType: VARINT,
  empty: () => false,
  isEmpty: (value) => value === false,
  measure(value) {
    checkBool(value);
    return 1;
  },
  write: (value, writer) => writer.u8(value === true ? 1 : 0),
  read({ reader }) {
    const start = reader.offset;
    const wire = readVarint(reader);
    if (wire === 0 || wire === 1) return wire === 1;
    throw new DecodeError("OutOfDomainValue", `Cannot read ${wire} as bool: 0 or 1 needed`, start);
  },
};

/** Only +0 is empty: -0 and NaN are values. A 32-bit float that would be rounded is refused. */
export function floatCodec({ bits, as }: FloatShape): ValueCodec {
  if (as === "pattern") return patternCodec(bits);
  const size = bits === 32 ? 4 : 8;
  return {
    wireType: bits === 32 ? FIXED_32 : FIXED_64,
    fixedSize: size,
    empty: () => 0,
    isEmpty: (value) => Object.is(value, 0),
    measure(value) {
      checkFloat(bits, value);
      return size;
    },
    write(value, writer) {
      // A number does not say which NaN it is; left alone, the bits would depend on where it came from.
      if (Number.isNaN(value)) writeNaN(bits, writer);
      else if (bits === 32) writer.f32(value as number);
      else writer.f64(value as number);
    },
    read(decoding) {
      const { reader } = decoding;
      const start = reader.offset;
      const value = bits === 32 ? reader.f32() : reader.f64();
      if (Number.isNaN(value)) noteOtherNaN(decoding, bits, start);
      return value;
    },
  };
}

/** It would be written back as the one NaN that is written. */
function noteOtherNaN(decoding: Decoding, bits: 32 | 64, start: number): void {
  const writer = new ByteWriter(bits / 8);
  writeNaN(bits, writer);
  const ours = writer.finish();
  if (decoding.reader.since(start).every((byte, at) => byte === ours[at])) return;
  decoding.notCanonical("a NaN has other bits than the one that is written", start);
}

function writeNaN(bits: 32 | 64, writer: ByteWriter): void {
  if (bits === 32) writer.u32(0x7fc0_0000);
  else writer.u64(0x7ff8_0000_0000_0000n);
}

/** A float by its bits is an unsigned integer of fixed size; only all zeros is empty. */
function patternCodec(bits: 32 | 64): ValueCodec {
  const as = bits === 32 ? "number" : "bigint";
  return integerCodec({ kind: "integer", signed: false, bits, encoding: "fixed", as });
}

export const stringCodec: ValueCodec = {
  wireType: LENGTH_DELIMITED,
  empty: () => "",
  isEmpty: (value) => value === "",
  measure(value, encoding) {
    checkText(value);
    const length = utf8Length(value);
    encoding.setLength(encoding.reserveLength(), length);
    return varintLength(length) + length;
  },
  write(value, writer, encoding) {
    const length = encoding.takeLength();
    writeVarint(writer, length);
    writer.utf8(value as string, length);
  },
  read(decoding) {
    const length = readLength(decoding);
    const start = decoding.reader.offset;
    return decodeText(decoding.reader.bytes(length), start);
  },
};

export function bytesCodec({ length, fixed }: BytesShape): ValueCodec {
  if (fixed) return fixedBytesCodec(length);
  return {
    wireType: LENGTH_DELIMITED,
    ...(length === undefined ? {} : { emptyByValue: true }),
    ...bytesEmptiness(length),
    measure(value, encoding) {
      checkByteCount(value, length);
      const count = lengthOf(value);
      encoding.setLength(encoding.reserveLength(), count);
      return varintLength(count) + count;
    },
    write(value, writer, encoding) {
      writeVarint(writer, encoding.takeLength());
      writer.bytes(value as Uint8Array);
    },
    read(decoding) {
      const start = decoding.reader.offset;
      const found = readLength(decoding);
      if (length !== undefined && found !== length) {
        const problem = `Cannot read ${found} bytes: exactly ${length} needed`;
        throw new DecodeError("InvalidValue", problem, start);
      }
      return taken(decoding, found);
    },
  };
}

/** Four or eight bytes in place of a fixed integer. */
function fixedBytesCodec(length: number | undefined): ValueCodec {
  assert(length === 4 || length === 8, "fixed bytes are 4 or 8");
  return {
    wireType: length === 4 ? FIXED_32 : FIXED_64,
    fixedSize: length,
    ...bytesEmptiness(length),
    measure(value) {
      checkByteCount(value, length);
      return length;
    },
    write: (value, writer) => writer.bytes(value as Uint8Array),
    read: (decoding) => taken(decoding, length),
  };
}

function bytesEmptiness(length = 0): Pick<ValueCodec, "empty" | "isEmpty"> {
  return {
    empty: () => (length === 0 ? NO_BYTES : new Uint8Array(length)),
    isEmpty: (value) =>
      isBytes(value) && lengthOf(value) === length && (length === 0 || isZero(plainBytes(value))),
  };
}

function checkByteCount(value: unknown, length: number | undefined): asserts value is Uint8Array {
  checkBytes(value);
  if (length === undefined || lengthOf(value) === length) return;
  const problem = `Cannot encode ${lengthOf(value)} bytes: exactly ${length} needed`;
  throw new EncodeError("InvalidValue", problem);
}

function taken({ reader, copy }: Decoding, length: number): Uint8Array {
  const view = reader.bytes(length);
  return copy ? view.slice() : view;
}

/** UTF-8 length of a well-formed string. */
function utf8Length(value: string): number {
  let length = value.length;
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit < 0x80) continue;
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff; // A pair makes four bytes, two each.
    length += unit < 0x800 || isSurrogate ? 1 : 2;
  }
  return length;
}
