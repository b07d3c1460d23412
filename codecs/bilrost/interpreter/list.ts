/**
 * Lists, sets and fixed-size arrays. Packed: one length-delimited body with all items back to back,
 * and wherever a list is not itself a plain field (optional, oneof variant, item, map value) this is its
 * only form.
 */
import { DecodeError, EncodeError, located } from "../../errors.ts";
import { checkList } from "../../schema/check-value.ts";
import { type KeyOrder, sortItems } from "../../schema/key-order.ts";
import { varintLength, writeVarint } from "../varint.ts";
import type { Decoding } from "./decoding.ts";
import { Encoding } from "./encoding.ts";
import type { ValueCodec } from "./value-codec.ts";
import { LENGTH_DELIMITED, readLength } from "./wire.ts";

export interface ListParts {
  readonly item: ValueCodec;
  /** An array of exactly so many items. */
  readonly length?: number | undefined;
  /** A set, in this order. */
  readonly order?: KeyOrder | undefined;
}

export function packedListCodec(parts: ListParts): ValueCodec {
  const { item, length: count } = parts;
  return {
    wireType: LENGTH_DELIMITED,
    ...emptinessOf(parts),
    measure(value, encoding) {
      const place = encoding.reserveLength();
      const length = measureItems(parts, value, encoding);
      encoding.setLength(place, length);
      return varintLength(length) + length;
    },
    write(_value, writer, encoding) {
      writeVarint(writer, encoding.takeLength());
      for (const one of itemsToWrite(encoding)) item.write(one, writer, encoding);
    },
    read(decoding) {
      const { reader } = decoding;
      const start = reader.offset;
      const length = readLength(decoding);
      if (count === undefined) checkWholeItems(length, item.fixedSize ?? 1, start);
      else checkArraySize(length, item.fixedSize, count, start);
      const outer = reader.narrow(length);
      const gathering = new Gathering(parts, decoding);
      while (reader.remaining > 0) gathering.add();
      const found = gathering.finish();
      reader.widen(outer);
      return found;
    },
  };
}

export function emptinessOf({
  item,
  length,
  order,
}: ListParts): Pick<ValueCodec, "empty" | "isEmpty" | "emptyByValue"> {
  if (order !== undefined) {
    return { empty: () => new Set(), isEmpty: (value) => value instanceof Set && value.size === 0 };
  }
  if (length === undefined) {
    return { empty: () => [], isEmpty: (value) => Array.isArray(value) && value.length === 0 };
  }
  return {
    emptyByValue: true,
    empty: () => Array.from({ length }, () => item.empty()),
    isEmpty: (value) =>
      Array.isArray(value) && value.length === length && value.every((one) => item.isEmpty(one)),
  };
}

/** Sum of the item bodies, without a length and without keys. */
export function measureItems(parts: ListParts, value: unknown, encoding: Encoding): number {
  const place = encoding.reserveOrder();
  const items =
    parts.order === undefined
      ? checkedItems(parts, value, encoding)
      : sortedItems(parts, value, encoding);
  encoding.setOrder(place, items);
  return measureEach(parts.item, items, encoding);
}

/** Read once: a list with getters, or a proxy, may be another the next time. */
function checkedItems(
  { length }: ListParts,
  value: unknown,
  encoding: Encoding,
): readonly unknown[] {
  checkList(value, encoding.limits);
  if (length === undefined || value.length === length) {
    return Array.from({ length: value.length }, (_, at) => value[at]);
  }
  const problem = `Cannot encode ${value.length} items: the array has ${length}`;
  throw new EncodeError("InvalidValue", problem);
}

/** Items are checked before they are compared; what this finds is dropped, for the order may change. */
function sortedItems({ item, order }: ListParts, value: unknown, encoding: Encoding): unknown[] {
  if (!(value instanceof Set)) {
    throw new EncodeError("InvalidValue", `Cannot encode ${typeof value}: Set needed`);
  }
  encoding.checkCount(value.size);
  measureEach(item, [...value], new Encoding(encoding.limits));
  return sortItems(value, order as KeyOrder);
}

function measureEach(item: ValueCodec, items: readonly unknown[], encoding: Encoding): number {
  let sum = 0;
  let index = 0;
  try {
    for (; index < items.length; index++) sum += item.measure(items[index], encoding);
  } catch (error) {
    throw located(error, [`[${index}]`]);
  }
  return sum;
}

/** In the order of the bytes; `measureItems` has put them aside. */
export function itemsToWrite(encoding: Encoding): readonly unknown[] {
  return encoding.takeOrder() as readonly unknown[];
}

/** Items as they come in, with what the list demands of them. */
export class Gathering {
  readonly #parts: ListParts;
  readonly #decoding: Decoding;
  readonly #start: number;
  readonly #items: unknown[] = [];
  readonly #seen = new Set<unknown>();
  #largest: unknown;

  constructor(parts: ListParts, decoding: Decoding) {
    this.#parts = parts;
    this.#decoding = decoding;
    this.#start = decoding.reader.offset;
  }

  /** An array has all its items: one more is refused, whatever it is. */
  get isFull(): boolean {
    return this.#items.length === this.#parts.length;
  }

  add(): void {
    const { item, length } = this.#parts;
    const count = this.#items.length;
    try {
      this.#decoding.checkCount(count);
      if (count === length) throw this.#wrongLength(`more than ${length} items`);
      const start = this.#decoding.reader.offset;
      const found = item.read(this.#decoding);
      if (this.#parts.order !== undefined) this.#compare(this.#parts.order, found, start);
      this.#items.push(found);
    } catch (error) {
      throw located(error, [`[${count}]`]);
    }
  }

  finish(): unknown {
    const { length, order } = this.#parts;
    if (order !== undefined) return new Set(this.#items);
    if (length === undefined || this.#items.length === length) return this.#items;
    throw this.#wrongLength(`${this.#items.length} items`);
  }

  /** A set has each item once; in canonical bytes they ascend. */
  #compare({ compare, identity }: KeyOrder, found: unknown, start: number): void {
    const id = identity(found);
    if (this.#seen.has(id)) {
      throw new DecodeError("UnexpectedlyRepeated", "Cannot read set: it has this item", start);
    }
    const isAscending = this.#seen.size === 0 || compare(this.#largest, found) < 0;
    this.#seen.add(id);
    if (isAscending) this.#largest = found;
    else this.#decoding.notCanonical("set items are not in ascending order", start);
  }

  #wrongLength(found: string): DecodeError {
    const problem = `Cannot read array of ${this.#parts.length} items: it has ${found}`;
    return new DecodeError("InvalidValue", problem, this.#start);
  }
}

/** A body that ends within an item of known size is cut, and is refused before any item is read. */
export function checkWholeItems(length: number, size: number, offset: number): void {
  if (length % size === 0) return;
  const problem = `Cannot read ${length} bytes as items of ${size} bytes each: the last one is cut`;
  throw new DecodeError("Truncated", problem, offset);
}

function checkArraySize(length: number, size: number | undefined, count: number, at: number): void {
  if (size === undefined || length === size * count) return;
  const problem = `Cannot read ${length} bytes as ${count} items of ${size} bytes each`;
  throw new DecodeError("InvalidValue", problem, at);
}
