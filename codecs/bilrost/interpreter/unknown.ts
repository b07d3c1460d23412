/** Fields that the schema does not know: kept as they stood, and written back among the known ones by tag. */
import { ByteReader } from "../../byte-reader.ts";
import { isBytes, plainBytes } from "../../bytes.ts";
import { EncodeError } from "../../errors.ts";
import type { UnknownField } from "../../format.ts";
import { readVarint, varintLength, writeVarint } from "../varint.ts";
import type { FieldCodec } from "./field.ts";
import { FIXED_32, FIXED_64, LENGTH_DELIMITED, TAG_MAX, VARINT, type WireType } from "./wire.ts";

/** Writes one unknown field as it came. Whoever built it by hand gets it checked. */
export function unknownField(unknown: UnknownField): FieldCodec & { readonly tag: number } {
  const { key, wireType } = unknown;
  const body = isBytes(unknown.body) ? plainBytes(unknown.body) : undefined;
  const isTag = Number.isInteger(key) && Number(key) >= 0 && Number(key) <= TAG_MAX;
  if (!isTag || body === undefined || !isBodyOf(wireType, body)) {
    const shown = typeof key === "number" ? key : typeof key;
    throw new EncodeError("InvalidValue", `Cannot encode unknown field ${shown}: it is malformed`);
  }
  const prefix = wireType === LENGTH_DELIMITED ? varintLength(body.byteLength) : 0;
  return {
    tag: Number(key),
    wireType: wireType as WireType,
    empty: () => undefined,
    isAbsent: () => false,
    measure: () => prefix + body.byteLength,
    write(_value, writer) {
      if (prefix > 0) writeVarint(writer, body.byteLength);
      writer.bytes(body);
    },
    read: () => undefined,
  };
}

function isBodyOf(wireType: number, body: Uint8Array): boolean {
  if (wireType === LENGTH_DELIMITED) return true;
  if (wireType === FIXED_32) return body.byteLength === 4;
  if (wireType === FIXED_64) return body.byteLength === 8;
  return wireType === VARINT && isOneVarint(body);
}

function isOneVarint(body: Uint8Array): boolean {
  const reader = new ByteReader(body);
  try {
    readVarint(reader);
  } catch {
    return false;
  }
  return reader.remaining === 0;
}
