/** What is no `Uint8Array` is not read, but refused with a `TypeError`: read as one it would be an empty message, or nonsense. */
import { expect, test } from "vitest";
import {
  bytes,
  columns,
  compile,
  DecodeError,
  EncodeError,
  list,
  message,
  uint32,
} from "./index.ts";

const Item = message("Item", { a: uint32(1), b: bytes(2) });
const Message = message("Message", { a: uint32(1), items: list(2, Item) });
const INPUTS: readonly unknown[] = [
  new ArrayBuffer(8),
  new SharedArrayBuffer(8),
  new DataView(new ArrayBuffer(8)),
  new Uint16Array([4, 1]),
  new Uint8ClampedArray([4, 1]),
  "0401",
  [4, 1],
  { length: 0 },
  undefined,
  null,
  7,
];
const ENGINES = ["compiled", "interpreted"] as const;

test.for(ENGINES.flatMap((engine) => INPUTS.map((input) => ({ engine, input }))))(
  "$engine: $input",
  ({ engine, input }) => {
    const codec = compile(Message, { engine });
    const reader = columns(Message, "items", { engine });
    const wrong = input as Uint8Array;
    const calls = [
      () => codec.decode(wrong),
      () => codec.decodeRange(wrong, 0, 0),
      () => codec.decodeRange(wrong, 0, 2),
      () => codec.decodeDistinguished(wrong),
      () => codec.decodeDelimited(wrong),
      () => reader.decode(wrong),
      () => reader.decodeRange(wrong, 0, 2),
    ];
    for (const call of calls) {
      expect(call).toThrow(TypeError);
      if (input) expect(call).toThrow(/a Uint8Array needed/);
    }
  },
);

test.for(ENGINES)("%s: a kind of Uint8Array is one", (engine) => {
  const codec = compile(Message, { engine });
  class Own extends Uint8Array {}
  for (const input of [
    Buffer.from([4, 1]),
    Own.of(4, 1),
    new Uint8Array(new SharedArrayBuffer(0)),
  ]) {
    expect(codec.decode(input)).toEqual({ a: input.length === 0 ? 0 : 1, items: [] });
  }
  expect(() => codec.decode(Own.of(4))).toThrow(DecodeError);
});

const RANGES = [
  [0.5, 2],
  [0, 1.5],
  [-1, 2],
  [-0.5, 2],
  [2, 1],
  [0, 3],
  [3, 3],
  [Number.NaN, 2],
  [0, Number.NaN],
  [0, Number.POSITIVE_INFINITY],
  [2 ** 32, 2 ** 32 + 2],
  ["0", "2"],
  [null, 2],
  [undefined, undefined],
  [0n, 2],
  [0, { valueOf: () => 2 }],
] as const;

test.for(ENGINES.flatMap((engine) => RANGES.map(([start, end]) => ({ engine, start, end }))))(
  "$engine: there is no range $start to $end",
  ({ engine, start, end }) => {
    const read = [compile(Message, { engine }), columns(Message, "items", { engine })] as const;
    for (const { decodeRange } of read.map((one) => ({ decodeRange: one.decodeRange.bind(one) }))) {
      const call = () => decodeRange(Uint8Array.of(4, 1), start as number, end as number);
      expect(call).toThrow(RangeError);
      expect(call).toThrow(/^Cannot read bytes/);
    }
  },
);

test.for(ENGINES)("%s: there is no place to write at", (engine) => {
  const codec = compile(Message, { engine });
  const target = new Uint8Array(100);
  for (const offset of [0.5, -1, Number.NaN, "1", null, 1n, 2 ** 32]) {
    const call = () => codec.encodeInto({ a: 1, items: [] }, target, offset as number);
    expect(call).toThrow(offset === 2 ** 32 ? EncodeError : RangeError);
  }
  for (const wrong of [new Uint16Array(100), new Array(100).fill(0), new ArrayBuffer(100)]) {
    const call = () => codec.encodeInto({ a: 300, items: [] }, wrong as unknown as Uint8Array);
    expect(call).toThrow(TypeError);
  }
});
