/**
 * Packed list: one length-delimited body with all items back to back. Wherever a list is not itself a
 * plain field (optional, oneof variant, item, map value) this is its only form.
 */
import { DecodeError, EncodeError } from "../errors.ts";
import type { Decoding } from "./decoding.ts";
import type { Encoding } from "./encoding.ts";
import { located } from "./path.ts";
import type { ValueCodec } from "./value-codec.ts";
import { varintLength, writeVarint } from "./varint.ts";
import { LENGTH_DELIMITED, readLength } from "./wire.ts";

export function packedListCodec(item: ValueCodec): ValueCodec {
  return {
    wireType: LENGTH_DELIMITED,
    empty: () => [],
    isEmpty: (value) => Array.isArray(value) && value.length === 0,
    measure(value, encoding) {
      const place = encoding.reserveLength();
      const length = measureItems(item, value, encoding);
      encoding.setLength(place, length);
      return varintLength(length) + length;
    },
    write(value, writer, encoding) {
      writeVarint(writer, encoding.takeLength());
      for (const one of value as readonly unknown[]) item.write(one, writer, encoding);
    },
    read(decoding) {
      const { reader } = decoding;
      const start = reader.offset;
      const length = readLength(decoding);
      checkWholeItems(length, item.fixedSize ?? 1, start);
      const outer = reader.narrow(length);
      const items: unknown[] = [];
      while (reader.remaining > 0) readItem(item, items, decoding);
      reader.widen(outer);
      return items;
    },
  };
}

/** Sum of the item bodies, without a length and without keys. */
export function measureItems(item: ValueCodec, value: unknown, encoding: Encoding): number {
  if (!Array.isArray(value)) {
    throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: array needed`);
  }
  encoding.checkCount(value.length);
  let sum = 0;
  let index = 0;
  try {
    for (; index < value.length; index++) sum += item.measure(value[index], encoding);
  } catch (error) {
    throw located(error, [`[${index}]`]);
  }
  return sum;
}

export function readItem(item: ValueCodec, items: unknown[], decoding: Decoding): void {
  try {
    decoding.checkCount(items.length);
    items.push(item.read(decoding));
  } catch (error) {
    throw located(error, [`[${items.length}]`]);
  }
}

/** A body that ends within an item of known size is cut, and is refused before any item is read. */
export function checkWholeItems(length: number, size: number, offset: number): void {
  if (length % size === 0) return;
  const problem = `Cannot read ${length} bytes as items of ${size} bytes each: the last one is cut`;
  throw new DecodeError("Truncated", problem, offset);
}
