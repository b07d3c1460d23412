/** Value JSON is how golden files and programs in other languages see values: one form per shape, refused with the place where it is not. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { valuesOf } from "./contract/arbitrary.ts";
import { Everything, shapeOf } from "./contract/messages.ts";
import { EncodeError } from "./errors.ts";
import { fromHex, messageFromJson, messageToJson, toHex } from "./value-json.ts";

const shape = shapeOf(Everything);

test("every value comes back through the text of its JSON", () => {
  fc.assert(
    fc.property(valuesOf(shape), (value) => {
      const json = JSON.parse(JSON.stringify(messageToJson(shape, value)));
      expect(messageFromJson(shape, json)).toEqual(value);
      expect(messageToJson(shape, messageFromJson(shape, json))).toEqual(json);
    }),
  );
});

test("messageToJson() writes the documented form", () => {
  const value = {
    bigI: -(2n ** 63n),
    blob: Uint8Array.of(0, 255),
    double: Number.NaN,
    colour: "unknown(9)",
    byText: new Map([
      ["b", 1],
      ["a", 2],
    ]),
    op: { case: "raw", value: Uint8Array.of(1) },
  };
  expect(messageToJson(shape, value)).toEqual({
    bigI: "-9223372036854775808",
    blob: { hex: "00ff" },
    double: "NaN",
    colour: "unknown(9)",
    byText: [
      ["a", 2],
      ["b", 1],
    ],
    op: { case: "raw", value: { hex: "01" } },
  });
});

test("messageFromJson() fills in what is implicit and left out", () => {
  expect(messageFromJson(shape, {})).toMatchObject({ u64: 0, bigU: 0n, text: "", leaves: [] });
  expect(messageFromJson(shape, {}).maybe).toBeUndefined();
  expect(messageFromJson(shape, { op: null }).op).toBeUndefined();
});

test.for([
  { json: null, path: "", why: "no object" },
  { json: [], path: "", why: "an array" },
  { json: { nobody: 1 }, path: "", why: "a member that is not there" },
  { json: JSON.parse('{"__proto__":1}'), path: "", why: "a member called __proto__" },
  { json: { u64: "1" }, path: "u64", why: "text for a number" },
  { json: { u64: 2 ** 53 }, path: "u64", why: "a number above 2^53 - 1" },
  { json: { bigU: 1 }, path: "bigU", why: "a number for a bigint" },
  { json: { bigU: 1n }, path: "bigU", why: "what JSON does not have" },
  { json: { bigU: "1e3" }, path: "bigU", why: "a bigint with an exponent" },
  { json: { blob: "00" }, path: "blob", why: "hex without its object" },
  { json: { blob: { hex: "0" } }, path: "blob", why: "half a byte" },
  { json: { blob: { hex: "zz" } }, path: "blob", why: "no hex digits" },
  { json: { double: "1" }, path: "double", why: "text for a float" },
  { json: { colour: "pink" }, path: "colour", why: "no variant" },
  { json: { strict: "unknown(5)" }, path: "strict", why: "an undeclared variant of a closed one" },
  { json: { leaves: {} }, path: "leaves", why: "no array" },
  { json: { leaves: [{}, { rank: "x" }] }, path: "leaves.[1].rank", why: "deep inside" },
  { json: { byText: { a: 1 } }, path: "byText", why: "an object for a map" },
  { json: { byText: [["a"]] }, path: "byText.[0]", why: "half an entry" },
  {
    json: {
      byBlob: [
        [{ hex: "01" }, 1],
        [{ hex: "01" }, 2],
      ],
    },
    path: "byBlob.[1]",
    why: "a key twice",
  },
  { json: { op: { case: "nobody", value: 1 } }, path: "op", why: "no such variant" },
  { json: { op: { case: "number", value: "x" } }, path: "op.number", why: "a wrong variant" },
  { json: { op: "number" }, path: "op", why: "a variant without its object" },
])("messageFromJson() refuses $why", ({ json, path }) => {
  const error = (() => {
    try {
      messageFromJson(shape, json);
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  })();
  expect(error).toBeInstanceOf(EncodeError);
  expect(error).toMatchObject({ path: ["Everything", ...(path === "" ? [] : path.split("."))] });
});

test("any JSON at all is taken or refused with an EncodeError", () => {
  const wild = fc.dictionary(
    fc.constantFrom(...shape.members.map(({ name }) => name)),
    fc.oneof(fc.jsonValue(), fc.anything()),
  );
  fc.assert(
    fc.property(fc.oneof(wild, fc.anything()), (json) => {
      try {
        messageFromJson(shape, json);
      } catch (error) {
        if (!(error instanceof EncodeError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test("JSON that nests without end is refused before the stack is", () => {
  let json: object = {};
  for (let level = 0; level < 100_000; level++) json = { tree: json };
  expect(() => messageFromJson(shape, json)).toThrow(EncodeError);
  let tree: object = {};
  for (let level = 0; level < 100_000; level++) tree = { only: tree };
  expect(() => messageFromJson(shape, { tree })).toThrow(EncodeError);
});

test("hex goes there and back", () => {
  expect(toHex(fromHex("00ff7f"))).toBe("00ff7f");
});
