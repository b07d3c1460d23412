/** Columns say what objects say, whichever engine reads them, and fail where objects fail. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { valuesOf } from "../../contract/arbitrary.ts";
import {
  bigInt64,
  bool,
  bytes,
  DecodeError,
  enumeration,
  field,
  fixed32,
  float32,
  float64,
  int32,
  int64,
  list,
  message,
  oneof,
  optional,
  packed,
  string,
  uint8,
  uint32,
  uint64,
} from "../../index.ts";
import { shapeOf } from "../bilrost.ts";
import { columns, compile } from "../index.ts";
import type { Batch, Column } from "./batch.ts";

const Kind = enumeration("Kind", { command: 0, noop: 1, config: 7 });
const Inner = message("Inner", { a: uint32(1) });
const Entry = message("Entry", {
  term: uint64(1),
  index: uint64(2),
  kind: field(3, Kind),
  payload: bytes(4),
  name: string(5),
  delta: int64(6),
  small: int32(7),
  wide: bigInt64(8),
  crc: fixed32(9),
  ratio: float64(10),
  half: float32(11),
  done: bool(12),
  lease: optional(uint64(13)),
  octet: uint8(40),
});
const Nested = message("Nested", { id: uint32(1), inner: field(2, Inner), tags: list(3, uint32) });
const Append = message("Append", { term: uint64(1), entries: list(2, Entry), note: string(3) });
const Packed = message("Packed", { entries: packed(5, Entry), term: uint64(9) });
const WithNested = message("WithNested", { entries: list(1, Nested) });

const KINDS = [
  { of: Append, why: "a field per item" },
  { of: Packed, why: "a packed list" },
  { of: WithNested, why: "items that hold messages and lists" },
];

/** What a batch says, in the form of objects: numbers as they stand, ranges as their bytes. */
function told(batch: Batch, bytes: Uint8Array): unknown {
  const { count, head, columns: read, itemsWithUnknown } = batch;
  const rows = Array.from({ length: count }, (_, at) => [
    ...Object.entries(read).map(([name, column]) => [name, cell(column, at, bytes)]),
    cell(batch.items, at, bytes),
  ]);
  return structuredClone({ count, head: { ...head }, itemsWithUnknown, rows });
}

function cell(column: Column, at: number, bytes: Uint8Array): unknown {
  if (column.present.length > 0 && column.present[at] === 0) return "absent";
  if (column.kind === "values") return column.values[at];
  return [...bytes.subarray(column.start[at], column.end[at])];
}

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [error.code, error.offset, error.path.join(".")];
  }
}

test.for(KINDS)("both engines tell the same: $why", ({ of }) => {
  const codec = compile(of as typeof Append);
  const fast = columns(shapeOf(of), "entries", { engine: "compiled" });
  const slow = columns(shapeOf(of), "entries", { engine: "interpreted" });
  fc.assert(
    fc.property(valuesOf(shapeOf(of)), fc.nat(), fc.nat(255), (value, place, byte) => {
      const bytes = codec.encode(value as never);
      expect(told(fast.decode(bytes), bytes)).toEqual(told(slow.decode(bytes), bytes));
      const damaged = bytes.slice();
      if (damaged.length > 0) damaged[place % damaged.length] = byte;
      const [one, other] = [fast, slow].map((reader) =>
        outcome(() => told(reader.decode(damaged), damaged)),
      );
      expect(one).toEqual(other);
      const asObjects = outcome(() => codec.decode(damaged));
      if (Array.isArray(asObjects)) expect(one).toEqual(asObjects);
    }),
    { numRuns: 400 },
  );
});

test("columns hold what objects hold", () => {
  const codec = compile(Append);
  const entries = Array.from({ length: 1000 }, (_, at) => ({
    ...codec.decode(new Uint8Array(0)),
    ...(compile(Entry).decode(new Uint8Array(0)) as object),
    term: at % 7,
    index: 2 ** 40 + at,
    kind: at % 2 === 0 ? "noop" : "unknown(9)",
    payload: new Uint8Array(at % 5).fill(at),
    name: `n${at}é`,
  }));
  const bytes = codec.encode({ term: 3, note: "x", entries } as never);
  const chunk = new Uint8Array(bytes.length + 20);
  chunk.set(bytes, 11);
  const batch = columns(Append, "entries").decodeRange(chunk, 11, 11 + bytes.length);
  expect(batch.count).toBe(1000);
  expect(batch.head).toEqual({ term: 3, note: "x" });
  for (const at of [0, 1, 63, 64, 65, 999]) {
    const { index, kind, payload, name, lease } = batch.columns as Readonly<Record<string, Column>>;
    expect(index?.values[at]).toBe(2 ** 40 + at);
    expect(kind?.values[at]).toBe(at % 2 === 0 ? 1 : 9);
    expect(chunk.slice(payload?.start[at], payload?.end[at])).toEqual(entries[at]?.payload);
    expect(Buffer.from(chunk.slice(name?.start[at], name?.end[at])).toString()).toBe(`n${at}é`);
    expect(lease?.present[at]).toBe(0);
  }
});

test("items with fields that nobody knows are counted, and their bytes are at hand", () => {
  const Wider = message("Entry", { term: uint64(1), later: string(9) });
  const Narrow = message("Narrow", { entries: list(2, message("Entry", { term: uint64(1) })) });
  const Wide = message("Wide", { entries: list(2, Wider) });
  const bytes = compile(Wide).encode({
    entries: [
      { term: 1, later: "" },
      { term: 2, later: "new" },
    ],
  });
  const batch = columns(Narrow, "entries").decode(bytes);
  expect([batch.count, batch.itemsWithUnknown]).toEqual([2, 1]);
  const body = bytes.subarray(batch.items.start[1], batch.items.end[1]);
  expect(compile(Wider).decode(body)).toEqual({ term: 2, later: "new" });
});

const Choice = message("Choice", { one: oneof({ a: uint32(1) }) });
test.for([
  { of: message("M", { entries: uint32(1) }), why: "no list" },
  { of: message("M", { entries: list(1, uint32) }), why: "items that are no messages" },
  { of: message("M", { other: uint32(1) }), why: "no such member" },
  { of: message("M", { entries: list(1, Choice) }), why: "a oneof in the items" },
])("columns() refuses $why", ({ of }) => {
  expect(() => columns(shapeOf(of), "entries")).toThrow(
    expect.objectContaining({ name: "SchemaError" }),
  );
});
