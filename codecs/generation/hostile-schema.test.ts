/** A shape may come from anywhere; what stands in it must never run. */
import { expect, test } from "vitest";
import { DEFAULT_LIMITS, type MessageShape, messagepack, protobuf } from "../index.ts";

const attack = "0||(globalThis.wasRun=true)";
const integer = { kind: "integer", signed: false, bits: 32, encoding: "varint", as: "number" };
const shapeOf = (type: unknown): MessageShape =>
  ({
    name: "M",
    members: [{ kind: "field", name: "a", number: 1, presence: "implicit", type }],
  }) as unknown as MessageShape;
const enumeration = { name: "E", open: true, variants: new Map([["one", attack]]) };

const SHAPES = [
  { type: { ...integer, signed: attack }, why: "a sign" },
  { type: { ...integer, bits: attack }, why: "a width" },
  { type: { kind: "list", packed: attack, item: integer }, why: "packing" },
  { type: { kind: "enumeration", enumeration }, why: "the number of a variant" },
];

test.for([protobuf, messagepack].flatMap((format) => SHAPES.map((one) => ({ ...one, format }))))(
  "$format.name refuses code in place of $why",
  ({ format, type }) => {
    const compile = () => {
      const codec = format.compile(shapeOf(type), DEFAULT_LIMITS);
      codec.decode(codec.encode({ a: 1 }));
    };
    expect(compile).toThrow(expect.objectContaining({ name: "SchemaError" }));
    expect(globalThis).not.toHaveProperty("wasRun");
  },
);

test.for([protobuf, messagepack])("$name refuses code in place of a limit", (format) => {
  const limits = { ...DEFAULT_LIMITS, countMax: attack as unknown as number };
  expect(() =>
    format.compile(shapeOf({ kind: "list", packed: false, item: integer }), limits),
  ).toThrow(expect.objectContaining({ name: "SchemaError" }));
});
