/** Bytes of `bilrost-types`; the vector files hold more of them. */
import { expect, test } from "vitest";
import { compile } from "./index.ts";
import * as s from "./testing.ts";
import { type AnyValue, bilrostTypes } from "./types.ts";

const { Timestamp, Duration, Value } = bilrostTypes;

test.for([
  { of: Timestamp, value: { seconds: 1n, nanos: 1 }, hex: "04 02 06 01 00 00 00", why: "§26" },
  {
    of: Duration,
    value: { seconds: -1n, nanos: -2 },
    hex: "04 01 06 fe ff ff ff",
    why: "two's complement nanos",
  },
  { of: Duration, value: { seconds: 0n, nanos: 0 }, hex: "", why: "nothing is nothing" },
])("$why", ({ of, value, hex }) => {
  for (const engine of ["compiled", "interpreted"] as const) {
    const codec = compile(of, { engine });
    expect(s.toHex(codec.encode(value))).toBe(hex.replaceAll(" ", ""));
    expect(codec.decode(s.hex(hex))).toEqual(value);
  }
});

const nothing: AnyValue = { kind: undefined };

test("a tree of values; null in a list is a length of 0", () => {
  const value: AnyValue = {
    kind: {
      case: "struct",
      value: {
        fields: new Map<string, AnyValue>([
          ["a", { kind: { case: "list", value: { values: [nothing, nothing] } } }],
          ["b", { kind: { case: "bool", value: false } }],
        ]),
      },
    },
  };
  const [one, other] = (["compiled", "interpreted"] as const).map((engine) =>
    compile(Value, { engine }),
  );
  const bytes = one?.encode(value) as Uint8Array;
  expect(s.toHex(bytes)).toBe("1910050e0161061d04050200000162021400");
  expect(other?.encode(value)).toEqual(bytes);
  expect(one?.decode(bytes)).toEqual(value);
});

/** A struct or list and the value in it are two levels. */
test("50 storeys can be read, and one more is refused before any byte is written", () => {
  const tower = (storeys: number): AnyValue => {
    let value: AnyValue = { kind: { case: "bool", value: true } };
    for (let at = 0; at < storeys; at++) {
      value = { kind: { case: "list", value: { values: [value] } } };
    }
    return value;
  };
  for (const engine of ["compiled", "interpreted"] as const) {
    const codec = compile(Value, { engine });
    expect(codec.decode(codec.encode(tower(50)))).toEqual(tower(50));
    expect(() => codec.encode(tower(51))).toThrow(
      expect.objectContaining({ name: "EncodeError", code: "RecursionLimitReached" }),
    );
  }
});
