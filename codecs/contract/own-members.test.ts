/**
 * A member counts when the value itself has it: what every object inherits is not there. Schemas that
 * were read from elsewhere may have members named `constructor` or `toString`.
 */
import { describe, expect, test } from "vitest";
import * as s from "../bilrost/testing.ts";
import { messageFromJson, messageToJson } from "../value-json.ts";
import { ENGINES } from "./engines.ts";

const NAMES = ["constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"];

const inner = s.shapeOf("Inner", s.optional(1, "constructor", s.u32), s.plain(2, "valueOf", s.u32));
const shape = s.shapeOf(
  "Message",
  s.plain(1, "constructor", s.u32),
  s.optional(2, "toString", s.string),
  s.plain(3, "valueOf", s.list(s.string)),
  s.oneof("hasOwnProperty", s.plain(4, "toString", s.u32), s.plain(5, "constructor", s.string)),
  s.plain(6, "isPrototypeOf", s.nested(inner)),
  s.plain(7, "__defineGetter__", s.map(s.string, s.u32)),
  s.optional(8, "toLocaleString", s.nested(inner)),
);
const full = {
  constructor: 5,
  toString: "text",
  valueOf: ["a"],
  hasOwnProperty: { case: "constructor", value: "b" },
  isPrototypeOf: { constructor: 0, valueOf: 3 },
  __defineGetter__: new Map([["k", 1]]),
  toLocaleString: { constructor: undefined, valueOf: 9 },
};

describe.for(ENGINES)("$name", ({ compile }) => {
  const codec = compile(shape);

  test("an absent member is absent, whatever every object inherits", () => {
    const bytes = codec.encode({});
    expect(bytes).toEqual(codec.encode(Object.create(null)));
    const found = codec.decode(bytes);
    expect(Object.keys(found).sort()).toEqual(shape.members.map(({ name }) => name).sort());
    expect(found).toMatchObject({ constructor: 0, valueOf: [], isPrototypeOf: { valueOf: 0 } });
    for (const name of ["toString", "hasOwnProperty", "toLocaleString"]) {
      expect(found[name]).toBeUndefined();
    }
    expect((found.isPrototypeOf as object).constructor).toBeUndefined();
    expect(codec.encode(found)).toEqual(bytes);
  });

  test("a member that the value has is written and read", () => {
    expect(codec.decode(codec.encode(full))).toEqual(full);
    const bare = Object.assign(Object.create(null), full);
    expect(codec.encode(bare)).toEqual(codec.encode(full));
  });
});

test("JSON has the members that the value has", () => {
  const empty = messageFromJson(shape, {});
  expect(empty).toMatchObject({ constructor: 0, isPrototypeOf: { valueOf: 0 } });
  expect(Object.hasOwn(empty, "toString")).toBe(false);
  expect(messageToJson(shape, {})).toEqual({ hasOwnProperty: null });
  expect(messageFromJson(shape, messageToJson(shape, full))).toMatchObject({
    ...full,
    toLocaleString: { valueOf: 9 },
  });
  expect(NAMES.every((name) => name in {})).toBe(true);
});
