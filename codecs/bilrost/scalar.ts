/** Booleans, floats, strings and bytes. */
import { DecodeError, EncodeError } from "../errors.ts";
import { decodeText } from "../text.ts";
import type { ValueCodec } from "./value-codec.ts";
import { readVarint, varintLength, writeVarint } from "./varint.ts";
import { FIXED_32, FIXED_64, LENGTH_DELIMITED, readLength, VARINT } from "./wire.ts";

const NO_BYTES = new Uint8Array(0);

export const boolCodec: ValueCodec = {
  wireType: VARINT,
  empty: () => false,
  isEmpty: (value) => value === false,
  measure(value) {
    if (typeof value === "boolean") return 1;
    throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: boolean needed`);
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
export function floatCodec(bits: 32 | 64): ValueCodec {
  const size = bits === 32 ? 4 : 8;
  return {
    wireType: bits === 32 ? FIXED_32 : FIXED_64,
    fixedSize: size,
    empty: () => 0,
    isEmpty: (value) => Object.is(value, 0),
    measure(value) {
      if (typeof value !== "number") {
        throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: number needed`);
      }
      if (bits === 64 || Object.is(Math.fround(value), value)) return size;
      const problem = `Cannot encode ${value}: a 32-bit float would round it`;
      throw new EncodeError("OutOfDomainValue", problem);
    },
    write(value, writer) {
      if (bits === 32) writer.f32(value as number);
      else writer.f64(value as number);
    },
    read: ({ reader }) => (bits === 32 ? reader.f32() : reader.f64()),
  };
}

export const stringCodec: ValueCodec = {
  wireType: LENGTH_DELIMITED,
  empty: () => "",
  isEmpty: (value) => value === "",
  measure(value, encoding) {
    if (typeof value !== "string") {
      throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: string needed`);
    }
    if (!value.isWellFormed()) {
      const problem = "Cannot encode string: a lone surrogate has no UTF-8 form";
      throw new EncodeError("InvalidValue", problem);
    }
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

export const bytesCodec: ValueCodec = {
  wireType: LENGTH_DELIMITED,
  empty: () => NO_BYTES,
  isEmpty: (value) => value instanceof Uint8Array && value.byteLength === 0,
  measure(value, encoding) {
    if (!(value instanceof Uint8Array)) {
      throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: Uint8Array needed`);
    }
    encoding.setLength(encoding.reserveLength(), value.byteLength);
    return varintLength(value.byteLength) + value.byteLength;
  },
  write(value, writer, encoding) {
    writeVarint(writer, encoding.takeLength());
    writer.bytes(value as Uint8Array);
  },
  read(decoding) {
    const view = decoding.reader.bytes(readLength(decoding));
    return decoding.copy ? view.slice() : view;
  },
};

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
