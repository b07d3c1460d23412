/**
 * How a value is a field: present or left out, once or repeated. A plain field leaves out its empty
 * value; an optional field and a oneof variant are written whenever they are set.
 */
import type { ByteWriter } from "../../byte-writer.ts";
import type { Decoding } from "./decoding.ts";
import type { Encoding } from "./encoding.ts";
import { Gathering, itemsToWrite, type ListParts, measureItems, packedListCodec } from "./list.ts";
import type { ValueCodec } from "./value-codec.ts";
import { KEYS_OF_THE_SAME_TAG, LENGTH_DELIMITED, refuseWireType, type WireType } from "./wire.ts";

/** The body of a field; the first key belongs to the message, which knows the previous tag. */
export interface FieldCodec {
  /** Of the first key, as written. */
  readonly wireType: WireType;
  empty(): unknown;
  isAbsent(value: unknown): boolean;
  /** Bytes after the first key, the keys of repeats included. */
  measure(value: unknown, encoding: Encoding): number;
  write(value: unknown, writer: ByteWriter, encoding: Encoding): void;
  read(decoding: Decoding, wireType: WireType): unknown;
}

export function plainField(value: ValueCodec): FieldCodec {
  return {
    wireType: value.wireType,
    empty: value.empty,
    isAbsent: (present) => present === undefined || value.isEmpty(present),
    measure: value.measure,
    write: value.write,
    read(decoding, wireType) {
      const start = decoding.reader.offset;
      if (wireType !== value.wireType) throw refuseWireType(wireType, value.wireType, start);
      const found = value.read(decoding);
      noteEmptyBody(decoding, value, found, start);
      return found;
    },
  };
}

/** Optional fields and oneof variants. They read by value: a list here has its packed form only. */
export function explicitField(value: ValueCodec): FieldCodec {
  return {
    wireType: value.wireType,
    empty: () => undefined,
    isAbsent: (present) => present === undefined,
    measure: value.measure,
    write: value.write,
    read(decoding, wireType) {
      if (wireType === value.wireType) return value.read(decoding);
      throw refuseWireType(wireType, value.wireType, decoding.reader.offset);
    },
  };
}

/**
 * A list that may arrive unpacked as well. Where items are length-delimited themselves the two forms
 * cannot be told apart, and every body is taken as a packed list (§10.3 of the specification).
 */
export function packedListField(parts: ListParts): FieldCodec {
  const { item } = parts;
  const codec = packedListCodec(parts);
  const packed = plainField(codec);
  return {
    ...packed,
    read(decoding, wireType) {
      if (wireType === LENGTH_DELIMITED) return packed.read(decoding, wireType);
      const start = decoding.reader.offset;
      decoding.notCanonical("a packed list arrived unpacked", start); // Before the item is looked at.
      if (wireType !== item.wireType) throw refuseWireType(wireType, LENGTH_DELIMITED, start);
      return readRun(parts, decoding);
    },
  };
}

/**
 * A list with one field per item, that may arrive packed as well unless its items are length-delimited.
 * `isOptional`: only an array can be that; an empty one is then written, and is canonical.
 */
export function unpackedListField(parts: ListParts, isOptional = false): FieldCodec {
  const { item } = parts;
  const packed = packedListCodec(parts);
  return {
    wireType: item.wireType,
    empty: () => (isOptional ? undefined : packed.empty()),
    isAbsent: (value) => value === undefined || (!isOptional && packed.isEmpty(value)),
    measure(value, encoding) {
      const bodies = measureItems(parts, value, encoding);
      return bodies + countOf(value) - 1; // A repeated key is one byte.
    },
    write(_value, writer, encoding) {
      let isFirst = true;
      for (const one of itemsToWrite(encoding)) {
        if (!isFirst) writer.u8(item.wireType);
        item.write(one, writer, encoding);
        isFirst = false;
      }
    },
    read(decoding, wireType) {
      const start = decoding.reader.offset;
      if (wireType === item.wireType) {
        const found = readRun(parts, decoding);
        if (parts.length !== undefined && !isOptional && packed.isEmpty(found)) {
          decoding.notCanonical("a plain field holds its empty value", start);
        }
        return found;
      }
      if (wireType !== LENGTH_DELIMITED) throw refuseWireType(wireType, item.wireType, start);
      decoding.notCanonical("an unpacked list arrived packed", start);
      return packed.read(decoding);
    },
  };
}

function countOf(value: unknown): number {
  return value instanceof Set ? value.size : (value as readonly unknown[]).length;
}

/** Takes all repeats of the tag at once: a following key below 4 can only mean "the same tag again". */
function readRun(parts: ListParts, decoding: Decoding): unknown {
  const { reader } = decoding;
  const gathering = new Gathering(parts, decoding);
  for (;;) {
    gathering.add();
    const next = reader.peek();
    if (next < 0 || next >= KEYS_OF_THE_SAME_TAG) return gathering.finish();
    reader.u8();
    if (gathering.isFull) gathering.add(); // Throws: an array counts before it looks at the wire type.
    if (next !== parts.item.wireType) {
      throw refuseWireType(next as WireType, parts.item.wireType, reader.offset);
    }
  }
}

/**
 * A length-delimited value counts as empty when its body has no bytes, not when it reads as empty: a
 * message with nothing but unknown fields is an extension, and not a blemish of this field.
 */
function noteEmptyBody(decoding: Decoding, codec: ValueCodec, found: unknown, start: number): void {
  const isEmpty =
    codec.wireType === LENGTH_DELIMITED && codec.emptyByValue !== true
      ? decoding.reader.offset === start + 1
      : codec.isEmpty(found);
  if (isEmpty) decoding.notCanonical("a plain field holds its empty value", start);
}
