/**
 * Map: one length-delimited body, key and value in turn, without a length per entry. There is no
 * unpacked form. A repeated key is refused in every mode; keys out of order are only not canonical.
 */
import { DecodeError, EncodeError, located } from "../../errors.ts";
import type { KeyOrder } from "../../schema/key-order.ts";
import { varintLength, writeVarint } from "../varint.ts";
import type { Decoding } from "./decoding.ts";
import { Encoding } from "./encoding.ts";
import { checkWholeItems } from "./list.ts";
import type { ValueCodec } from "./value-codec.ts";
import { LENGTH_DELIMITED, readLength } from "./wire.ts";

type Entry = readonly [key: unknown, value: unknown];

export interface MapParts {
  readonly key: ValueCodec;
  readonly value: ValueCodec;
  readonly order: KeyOrder;
}

export function mapCodec(parts: MapParts): ValueCodec {
  const entrySize = (parts.key.fixedSize ?? 0) + (parts.value.fixedSize ?? 0);
  const isFixed = parts.key.fixedSize !== undefined && parts.value.fixedSize !== undefined;
  return {
    wireType: LENGTH_DELIMITED,
    empty: () => new Map(),
    isEmpty: (value) => value instanceof Map && value.size === 0,
    measure(value, encoding) {
      const place = encoding.reserveLength();
      const length = measureEntries(parts, value, encoding);
      encoding.setLength(place, length);
      return varintLength(length) + length;
    },
    write(_value, writer, encoding) {
      writeVarint(writer, encoding.takeLength());
      for (const [key, value] of encoding.takeOrder() as readonly Entry[]) {
        parts.key.write(key, writer, encoding);
        parts.value.write(value, writer, encoding);
      }
    },
    read(decoding) {
      const { reader } = decoding;
      const start = reader.offset;
      const length = readLength(decoding);
      checkWholeItems(length, isFixed ? entrySize : 1, start);
      const outer = reader.narrow(length);
      const entries = readEntries(parts, decoding);
      reader.widen(outer);
      return entries;
    },
  };
}

function measureEntries(parts: MapParts, value: unknown, encoding: Encoding): number {
  if (!(value instanceof Map)) {
    throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: Map needed`);
  }
  encoding.checkCount(value.size);
  const place = encoding.reserveOrder();
  let sum = 0;
  let index = 0;
  try {
    // Keys are checked before they are compared; what this finds is dropped, for the order may change.
    const dropped = new Encoding(encoding.limits);
    for (const key of value.keys()) {
      parts.key.measure(key, dropped);
      index += 1;
    }
    const entries = [...(value as ReadonlyMap<unknown, unknown>)].sort(([left], [right]) =>
      parts.order.compare(left, right),
    );
    encoding.setOrder(place, entries);
    for (index = 0; index < entries.length; index++) {
      sum += measureEntry(parts, entries, index, encoding);
    }
  } catch (error) {
    throw located(error, [`[${index}]`]);
  }
  return sum;
}

function measureEntry(
  parts: MapParts,
  entries: readonly Entry[],
  index: number,
  encoding: Encoding,
): number {
  const [key, value] = entries[index] as Entry;
  const previous = entries[index - 1];
  if (previous !== undefined && parts.order.compare(previous[0], key) === 0) {
    throw new EncodeError(
      "UnexpectedlyRepeated",
      "Cannot encode map: two keys have the same bytes",
    );
  }
  return parts.key.measure(key, encoding) + parts.value.measure(value, encoding);
}

function readEntries(parts: MapParts, decoding: Decoding): Map<unknown, unknown> {
  const { reader } = decoding;
  const entries = new Map<unknown, unknown>();
  const seen = new Set<unknown>();
  let largest: Entry | undefined;
  while (reader.remaining > 0) {
    try {
      const entry = readEntry(parts, decoding, seen);
      largest = largerOf(parts.order, decoding, largest, entry);
      entries.set(entry[0], entry[1]);
    } catch (error) {
      throw located(error, [`[${entries.size}]`]);
    }
  }
  return entries;
}

function readEntry(parts: MapParts, decoding: Decoding, seen: Set<unknown>): Entry {
  const start = decoding.reader.offset;
  decoding.checkCount(seen.size);
  const key = parts.key.read(decoding);
  const value = parts.value.read(decoding);
  const identity = parts.order.identity(key);
  if (seen.has(identity)) {
    const problem = "Cannot read map: this key was there before";
    throw new DecodeError("UnexpectedlyRepeated", problem, start);
  }
  seen.add(identity);
  return [key, value];
}

function largerOf(
  order: KeyOrder,
  decoding: Decoding,
  largest: Entry | undefined,
  entry: Entry,
): Entry {
  if (largest === undefined || order.compare(largest[0], entry[0]) < 0) return entry;
  decoding.notCanonical("map keys are not in ascending order", decoding.reader.offset);
  return largest;
}
