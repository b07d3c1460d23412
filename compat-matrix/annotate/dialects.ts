/** The two formats with numbered fields differ in how they write numbers and keys; the rest is one walk. */
import type { Cursor } from "./cursor.ts";

export type Wire = "varint" | "length" | "fixed32" | "fixed64" | "other";

export interface Key {
  readonly number: number;
  readonly wire: Wire;
}

export interface Dialect {
  varint(cursor: Cursor): bigint;
  /** `previous` is the number of the field before, 0 at the start of a message. */
  key(cursor: Cursor, previous: number): Key;
  /** One entry per field, as a message of key and value; otherwise all entries in one flat body. */
  readonly mapsAreFields: boolean;
}

const PROTOBUF_WIRES: readonly Wire[] = [
  "varint",
  "fixed64",
  "length",
  "other",
  "other",
  "fixed32",
];
const BILROST_WIRES: readonly Wire[] = ["varint", "length", "fixed32", "fixed64"];

export const protobufDialect: Dialect = {
  varint(cursor) {
    let value = 0n;
    for (let place = 0n; ; place += 7n) {
      const byte = cursor.byte();
      value |= BigInt(byte & 127) << place;
      if (byte < 128 || place > 63n) return value;
    }
  },
  key(cursor) {
    const key = Number(protobufDialect.varint(cursor));
    return { number: Math.floor(key / 8), wire: PROTOBUF_WIRES[key % 8] ?? "other" };
  },
  mapsAreFields: true,
};

export const bilrostDialect: Dialect = {
  /** Bijective: the top bit is part of the digit, and the ninth byte is the last whatever it holds. */
  varint(cursor) {
    let value = 0n;
    for (let place = 0; place < 9; place++) {
      const byte = cursor.byte();
      value += BigInt(byte) << BigInt(7 * place);
      if (byte < 128) break;
    }
    return value;
  },
  key(cursor, previous) {
    const key = Number(bilrostDialect.varint(cursor));
    return { number: previous + Math.floor(key / 4), wire: BILROST_WIRES[key % 4] ?? "other" };
  },
  mapsAreFields: false,
};
