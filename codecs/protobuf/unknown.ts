/** Fields that the schema does not know: kept as they stood, in order, and written back behind the known ones. */
import type { Writer } from "protobufjs/minimal.js";
import { isBytes, plainBytes } from "../bytes.ts";
import { DecodeError, EncodeError } from "../errors.ts";
import type { UnknownField } from "../format.ts";
import {
  FIXED_32,
  FIXED_64,
  GROUP_END,
  GROUP_START,
  LENGTH_DELIMITED,
  NUMBER_MAX,
  VARINT,
  WireReader,
} from "./wire-reader.ts";

/** `start` is where the field's key began. The length of a delimited body is not part of it. */
export function readUnknown(reader: WireReader, key: number, start: number): UnknownField {
  const wireType = key % 8;
  const length = wireType === LENGTH_DELIMITED ? reader.size() : undefined;
  const from = reader.pos;
  const end = length === undefined ? skipBody(reader, key, start) : skipBytes(reader, length);
  const view = reader.raw(from, end);
  return { key: Math.floor(key / 8), wireType, body: reader.copy ? view.slice() : view };
}

/** Returns the end of the body; for a group, the start of its closing key. */
function skipBody(reader: WireReader, key: number, start: number): number {
  switch (key % 8) {
    case VARINT:
      reader.varint();
      return reader.pos;
    case FIXED_64:
      return skipBytes(reader, 8);
    case FIXED_32:
      return skipBytes(reader, 4);
    case LENGTH_DELIMITED:
      return skipBytes(reader, reader.size());
    case GROUP_START:
      return skipGroup(reader, key);
    default:
      throw new DecodeError(
        "Malformed",
        `Cannot read field: no field has wire type ${key % 8}`,
        start,
      );
  }
}

function skipBytes(reader: WireReader, size: number): number {
  reader.need(size);
  reader.pos += size;
  return reader.pos;
}

function skipGroup(reader: WireReader, opening: number): number {
  reader.deepen();
  for (;;) {
    const start = reader.pos;
    const key = reader.key();
    if (key % 8 !== GROUP_END) {
      skipBody(reader, key, start);
      continue;
    }
    if (key !== opening + 1) {
      const numbers = `${Math.floor(key / 8)}, ${Math.floor(opening / 8)} is open`;
      throw new DecodeError("Malformed", `Cannot close group ${numbers}`, start);
    }
    reader.depth--;
    return start;
  }
}

/** Writes one unknown field as it came. Whoever built it by hand gets it checked. */
export function writeUnknown({ key, wireType, body }: UnknownField, writer: Writer): void {
  const number = typeof key === "number" ? key : Number.NaN;
  const isNumber = Number.isInteger(number) && number > 0 && number <= NUMBER_MAX;
  const own = isBytes(body) ? plainBytes(body) : undefined;
  if (!isNumber || own === undefined || !isBodyOf(wireType, own)) {
    throw new EncodeError("InvalidValue", `Cannot encode unknown field ${number}: it is malformed`);
  }
  writer.uint32(number * 8 + wireType);
  if (wireType === LENGTH_DELIMITED) writer.bytes(own);
  else writer.raw(own);
  if (wireType === GROUP_START) writer.uint32(number * 8 + GROUP_END);
}

const NO_LIMITS = { depthMax: 1000, lengthMax: Infinity, countMax: Infinity };

function isBodyOf(wireType: number, body: Uint8Array): boolean {
  if (wireType === LENGTH_DELIMITED) return true;
  if (wireType === FIXED_32) return body.length === 4;
  if (wireType === FIXED_64) return body.length === 8;
  const reader = new WireReader(body, NO_LIMITS, false);
  try {
    if (wireType === VARINT) reader.varint();
    else skipFields(reader);
  } catch {
    return false;
  }
  return reader.pos === body.length && (wireType === VARINT || wireType === GROUP_START);
}

function skipFields(reader: WireReader): void {
  while (reader.pos < reader.len) {
    const start = reader.pos;
    skipBody(reader, reader.key(), start);
  }
}
