/** A value may run code while it is written: a getter that encodes something else, or the same again. */
import { expect, test } from "vitest";
import { bytes, compile, list, message, string, uint32 } from "./index.ts";

const Inner = message("Inner", { name: string(1), body: bytes(2) });
const Outer = message("Outer", {
  a: uint32(1),
  tail: string(2),
  more: list(3, string),
  body: bytes(4),
});
const inner = compile(Inner, { engine: "compiled" });
const outer = compile(Outer, { engine: "compiled" });
const judge = compile(Outer, { engine: "interpreted" });

const flat = (size: number) => ({
  a: 7,
  tail: "tail",
  more: Array.from({ length: 20 }, (_, at) => `item ${at}`),
  body: new Uint8Array(size).fill(9),
});

test.for([
  { size: 10, why: "into the slab" },
  { size: 3000, why: "into the slab, or by reference" },
  { size: 200_000, why: "into the scratch buffer" },
])("what was written inside keeps its bytes: $why", ({ size }) => {
  const own = { name: "inner", body: new Uint8Array(size).fill(1) };
  const expected = { own: inner.encode(own).slice(), whole: judge.encode(flat(size)) };
  for (const call of ["encode", "encodeSegments"] as const) {
    for (let round = 0; round < 40; round++) {
      const kept: Uint8Array[] = [];
      const value = {
        ...flat(size),
        get tail() {
          kept.push(inner.encode(own), Buffer.concat(outer.encodeSegments(flat(size))));
          kept.push(outer.encode(flat(size)));
          return "tail";
        },
      };
      const parts = [outer[call](value)].flat();
      expect(Buffer.concat(parts).equals(expected.whole)).toBe(true);
      for (const [at, one] of kept.entries()) {
        const wanted = at % 3 === 0 ? expected.own : expected.whole;
        expect(Buffer.compare(one, wanted), `${call}, round ${round}, ${at}`).toBe(0);
      }
    }
  }
});
