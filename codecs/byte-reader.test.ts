import { expect, test } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

test("u32() reports the offset and the bytes that remain", () => {
  const reader = new ByteReader(Uint8Array.of(1));
  expect(() => reader.u32()).toThrow("Cannot read 4 bytes: only 1 remain (byte 0)");
});

test("narrow() hides what follows the region, widen() shows it again", () => {
  const reader = new ByteReader(Uint8Array.of(1, 2, 3));
  const outer = reader.narrow(1);
  expect([reader.u8(), reader.peek(), reader.remaining]).toEqual([1, -1, 0]);
  expect(() => reader.u8()).toThrow("Cannot read 1 byte: only 0 remain (byte 1)");
  reader.widen(outer);
  expect([reader.peek(), reader.remaining]).toEqual([2, 2]);
  expect(() => reader.narrow(3)).toThrow(expect.objectContaining({ code: "Truncated", offset: 1 }));
});

test("what a writer writes, a reader reads, however often the buffer has to grow", () => {
  const writer = new ByteWriter(1);
  writer.u8(255);
  writer.u32(2 ** 32 - 1);
  writer.i32(-2);
  writer.u64(2n ** 64n - 1n);
  writer.i64(-2n);
  writer.f32(1.5);
  writer.f64(-0);
  writer.utf8("é", 2);
  writer.bytes(Uint8Array.of(7));
  const reader = new ByteReader(writer.finish());
  expect([reader.u8(), reader.u32(), reader.i32()]).toEqual([255, 2 ** 32 - 1, -2]);
  expect([reader.u64(), reader.i64()]).toEqual([2n ** 64n - 1n, -2n]);
  expect([reader.f32(), reader.f64()]).toEqual([1.5, -0]);
  const start = reader.offset;
  expect(reader.bytes(2)).toEqual(Uint8Array.of(0xc3, 0xa9));
  expect(reader.since(start)).toEqual(Uint8Array.of(0xc3, 0xa9));
  expect([reader.u8(), reader.remaining]).toEqual([7, 0]);
});

test("a view with an offset of its own is read from its own start", () => {
  const reader = new ByteReader(Uint8Array.of(9, 9, 1, 0, 0, 0).subarray(2));
  expect(reader.u32()).toBe(1);
});
