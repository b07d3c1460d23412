/**
 * Columns without generated code: the message is read as always, which checks everything, and then its
 * items are walked once more for their places. Slow, and the judge of what generated code gives up on.
 */
import { ByteReader } from "../../byte-reader.ts";
import { type MessageValue, UNKNOWN } from "../../format.ts";
import type { FieldShape } from "../../schema/shape.ts";
import { numbersOf } from "../../schema/variants.ts";
import { Interpreter, rangeOf } from "../interpreter/codec.ts";
import { readVarint } from "../varint.ts";
import { type Batch, type ColumnPlan, type ColumnReader, isValue } from "./batch.ts";
import { BatchStorage, type ColumnStorage } from "./storage.ts";

export class InterpretedColumns implements ColumnReader {
  readonly #plan: ColumnPlan;
  readonly #interpreter: Interpreter;
  readonly #batch: BatchStorage;

  constructor(plan: ColumnPlan) {
    this.#plan = plan;
    this.#interpreter = new Interpreter(plan.shape, plan.limits);
    this.#batch = new BatchStorage(plan.item);
  }

  decode(bytes: Uint8Array): Batch {
    return this.decodeRange(bytes, 0, bytes.byteLength);
  }

  decodeRange(bytes: Uint8Array, start: number, end: number): Batch {
    const batch = this.#batch;
    batch.count = 0;
    const message = this.#interpreter.decode(rangeOf(bytes, start, end));
    const { name } = this.#plan.member;
    const items = message[name] as readonly MessageValue[];
    const { [name]: _, ...head } = message;
    batch.head = head;
    batch.itemsWithUnknown = 0;
    for (const [at, range] of this.#rangesOfItems(bytes, start, end).entries()) {
      if (at >= batch.capacity) batch.grow();
      this.#fill(at, items[at] as MessageValue, bytes, range);
    }
    batch.count = items.length;
    return batch;
  }

  #fill(at: number, item: MessageValue, bytes: Uint8Array, [from, to]: Range): void {
    const batch = this.#batch;
    setRange(batch.items, at, from, to);
    if (item[UNKNOWN] !== undefined) batch.itemsWithUnknown += 1;
    const bodies = bodiesOf(bytes, from, to);
    for (const member of this.#plan.item.members as readonly FieldShape[]) {
      const column = batch.columns[member.name] as ColumnStorage;
      const value = item[member.name];
      if (member.presence === "optional") column.present[at] = value === undefined ? 0 : 1;
      if (!isValue(member.type)) {
        const [start, end] = bodies.get(member.number) ?? [0, 0];
        setRange(column, at, start, end);
      } else (column.values as { [place: number]: unknown })[at] = numberOf(member, value);
    }
  }

  #rangesOfItems(bytes: Uint8Array, start: number, end: number): Range[] {
    const { number, type } = this.#plan.member;
    const ranges: Range[] = [];
    for (const [tag, body] of fieldsOf(bytes, start, end)) {
      if (tag !== number) continue;
      if (type.kind === "list" && type.packed) ranges.push(...packedRanges(bytes, body));
      else ranges.push(body);
    }
    return ranges;
  }
}

type Range = readonly [start: number, end: number];

function setRange(column: ColumnStorage, at: number, start: number, end: number): void {
  column.start[at] = start;
  column.end[at] = end;
}

/** What an absent one reads as: 0, or the empty enumeration. */
function numberOf({ type }: FieldShape, value: unknown): unknown {
  if (type.kind === "enumeration")
    return value === undefined ? 0 : numbersOf(type.enumeration)(value);
  if (value !== undefined)
    return Number.isNaN(value) || typeof value !== "boolean" ? value : Number(value);
  const isBig =
    (type.kind === "integer" && type.as === "bigint") ||
    (type.kind === "float" && type.as === "pattern" && type.bits === 64);
  return isBig ? 0n : 0;
}

/** Fields of a message that has been read once, so nothing here can be wrong. Bodies are without lengths. */
function* fieldsOf(bytes: Uint8Array, from: number, to: number): Generator<[number, Range]> {
  const reader = new ByteReader(bytes.subarray(from, to));
  let tag = 0;
  while (reader.remaining > 0) {
    const key = Number(readVarint(reader));
    tag += Math.floor(key / 4);
    const wireType = key % 4;
    let length = wireType === 2 ? 4 : 8;
    if (wireType === 1) length = Number(readVarint(reader));
    const start = from + reader.offset;
    if (wireType === 0) readVarint(reader);
    else reader.bytes(length);
    yield [tag, [start, from + reader.offset]];
  }
}

function packedRanges(bytes: Uint8Array, [from, to]: Range): Range[] {
  const reader = new ByteReader(bytes.subarray(from, to));
  const ranges: Range[] = [];
  while (reader.remaining > 0) {
    const length = Number(readVarint(reader));
    const start = from + reader.offset;
    reader.bytes(length);
    ranges.push([start, start + length]);
  }
  return ranges;
}

/** Of a repeated field the whole run, from its first body to the end of its last. */
function bodiesOf(bytes: Uint8Array, from: number, to: number): ReadonlyMap<number, Range> {
  const bodies = new Map<number, Range>();
  for (const [tag, [start, end]] of fieldsOf(bytes, from, to)) {
    bodies.set(tag, [bodies.get(tag)?.[0] ?? start, end]);
  }
  return bodies;
}
