/** Whatever the chunks, the same bodies come out; what is no frame is refused before it is believed. */
import { expect, test } from "vitest";
import { HostFrameReader, parseBody, writeHostFrame } from "./frames.ts";

const BODIES = [{ id: 1, ask: "describe" }, "é😀", [], { bytes: "5a".repeat(40_000) }];

function readAll(chunks: readonly Uint8Array[], bytesMax?: number): unknown[] {
  const reader = new HostFrameReader(bytesMax);
  const bodies = chunks.flatMap((chunk) => [...reader.push(chunk)].map(parseBody));
  reader.end();
  return bodies;
}

function joined(): Uint8Array {
  return Buffer.concat(BODIES.map(writeHostFrame));
}

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test("a frame is a little-endian length and JSON", () => {
  expect([...writeHostFrame({ a: 1 })]).toEqual([7, 0, 0, 0, ...Buffer.from('{"a":1}')]);
});

test.for([
  { size: 1, why: "each byte alone" },
  { size: 3, why: "lengths cut in two" },
  { size: 4096, why: "several frames in one chunk, one frame in several" },
  { size: 1_000_000, why: "all at once" },
])("frames come out whole from chunks of $size bytes: $why", ({ size }) => {
  expect(readAll([...chunksOf(joined(), size)])).toEqual(BODIES);
});

test("chunks that are views into a larger buffer are read at their place", () => {
  const pool = Buffer.alloc(100_000, 0xff);
  const frame = writeHostFrame("here");
  pool.set(frame, 5000);
  expect(readAll([pool.subarray(5000, 5000 + frame.length)])).toEqual(["here"]);
});

test("an input that ends inside a frame is cut off, at every length", () => {
  const frame = writeHostFrame({ id: 1 });
  for (let length = 1; length < frame.length; length++) {
    expect(() => readAll([frame.subarray(0, length)])).toThrow(/ends \d+ bytes into it/);
  }
  expect(readAll([])).toEqual([]);
});

test.for([
  {
    bytes: [0xff, 0xff, 0xff, 0xff],
    says: /4294967295 bytes: the most is/,
    why: "no length at all",
  },
  { bytes: [11, 0, 0, 0], says: /11 bytes: the most is 10/, why: "one more than the limit" },
])("a frame that announces too much is refused by its head: $why", ({ bytes, says }) => {
  expect(() => readAll([Uint8Array.from(bytes)], 10)).toThrow(says);
});

test.for([
  { body: Buffer.from("{"), why: "half of an object" },
  { body: Buffer.from(""), why: "nothing" },
  { body: Buffer.from([0x22, 0xff, 0x22]), why: "no UTF-8" },
  {
    body: Buffer.from("[".repeat(513) + "]".repeat(513)),
    why: "deeper than anything recursive may go",
  },
])("a body that is no JSON is refused: $why", ({ body }) => {
  expect(() => parseBody(body)).toThrow(/Cannot read a frame's body as JSON/);
});

test("brackets inside strings are no depth", () => {
  const text = `${"[".repeat(600)}\\"${"{".repeat(600)}`;
  expect(parseBody(Buffer.from(JSON.stringify({ text })))).toEqual({ text });
});
