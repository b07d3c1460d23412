/** Judged by `DataView`, which does the same with more effort. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readU16, readU32, writeU16, writeU32 } from "./index.ts";

const OFFSET = 3;

test("writeU32() and readU32() agree with DataView, for every number", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (value) => {
      const bytes = new Uint8Array(12).fill(0xa5);
      const twin = bytes.slice();
      writeU32(bytes, OFFSET, value);
      new DataView(twin.buffer).setUint32(OFFSET, value, true);
      expect(bytes).toEqual(twin);
      expect(readU32(bytes, OFFSET)).toBe(value);
    }),
  );
});

test("writeU16() and readU16() agree with DataView, for every number", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff }), (value) => {
      const bytes = new Uint8Array(12).fill(0xa5);
      const twin = bytes.slice();
      writeU16(bytes, OFFSET, value);
      new DataView(twin.buffer).setUint16(OFFSET, value, true);
      expect(bytes).toEqual(twin);
      expect(readU16(bytes, OFFSET)).toBe(value);
    }),
  );
});
