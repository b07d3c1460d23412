/**
 * Values that say of themselves what is not so. Each is refused with an `EncodeError` or written as it
 * really is; no bytes of anybody else come out, and a name that is compared is not run.
 */
import { describe, expect, test } from "vitest";
import * as s from "../bilrost/testing.ts";
import { EncodeError } from "../errors.ts";
import type { MessageValue } from "../format.ts";
import { ENGINES } from "./engines.ts";

const shape = s.shapeOf(
  "Message",
  s.plain(1, "a", s.bytes),
  s.optional(2, "b", s.bytes),
  s.plain(3, "list", s.list(s.bytes)),
  s.plain(4, "map", s.map(s.string, s.bytes)),
  s.oneof("pick", s.plain(5, "c", s.bytes), s.plain(6, "d", s.u32)),
  s.plain(7, "numbers", s.list(s.u32)),
);

/** Eight bytes whose length is told otherwise. */
function lying(length: unknown, as: "subclass" | "property" | "proxy"): Uint8Array {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  if (as === "proxy") {
    const get = (of: Uint8Array, name: string | symbol): unknown =>
      name === "length" || name === "byteLength" ? length : Reflect.get(of, name, of);
    return new Proxy(bytes, { get });
  }
  const target =
    as === "property" ? bytes : Object.setPrototypeOf(bytes, new (class extends Uint8Array {})());
  for (const name of ["length", "byteLength"]) {
    Object.defineProperty(target, name, { get: () => length });
  }
  return target;
}

const LENGTHS = [0, 3, 9, 200, 70_000, -5, 2 ** 31, 2 ** 32 + 3, 1.5, Number.NaN, "8", undefined];
const LIES = (["subclass", "property", "proxy"] as const).flatMap((as) =>
  LENGTHS.map((length) => ({ as, length })),
);
const PLACES: readonly ((bytes: Uint8Array) => MessageValue)[] = [
  (a) => ({ a }),
  (b) => ({ b }),
  (a) => ({ list: [a] }),
  (a) => ({ map: new Map([["k", a]]) }),
  (value) => ({ pick: { case: "c", value } }),
];

describe.for(ENGINES)("$name", ({ compile }) => {
  const codec = compile(shape);
  const secret = { a: new TextEncoder().encode("somebody else's".repeat(200)) };

  test.for(LIES)("bytes that say a length of $length as $as", ({ as, length }) => {
    for (const place of PLACES) {
      codec.encode(secret);
      const before = codec.encode({ a: Uint8Array.of(9, 9, 9) });
      const kept = before.slice();
      const truth = codec.encode(place(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)));
      try {
        expect(codec.encode(place(lying(length, as)))).toEqual(truth);
      } catch (error) {
        expect(error).toBeInstanceOf(EncodeError);
      }
      expect(before).toEqual(kept);
    }
  });

  test("the name of a variant is compared, never run", () => {
    const ran: string[] = [];
    const run = (what: string) => () => {
      ran.push(what);
      return "c";
    };
    const hostile = {
      toString: run("toString"),
      valueOf: run("valueOf"),
      [Symbol.toPrimitive]: run("toPrimitive"),
    };
    const cases: unknown[] = [hostile, Object.assign(() => 1, hostile), [hostile], Symbol("c"), 7];
    for (const one of [...cases, null, undefined, {}, "x".repeat(1000)]) {
      const encode = () => codec.encode({ pick: { case: one, value: Uint8Array.of(1) } });
      expect(encode).toThrow(EncodeError);
      expect(encode).toThrow(/it has no variant/);
    }
    for (const one of cases.slice(0, 3)) {
      expect(() => codec.encode({ b: one })).toThrow(EncodeError);
    }
    expect(ran).toEqual([]);
  });

  test("a list that grows while it is read is written as a whole or refused", () => {
    const numbers: number[] = [1, 2, 3];
    Object.defineProperty(numbers, 1, { get: () => numbers.push(7) });
    try {
      const found = codec.decode(codec.encode({ numbers }));
      expect((found.numbers as number[])[0]).toBe(1);
    } catch (error) {
      expect(error).toBeInstanceOf(EncodeError);
    }
  });
});
