/**
 * The oracle is protobufjs' own reflection encoder and decoder, working from the .proto text that we
 * print: it shares nothing with our readers and writers but the primitives of its library.
 */
import fc from "fast-check";
import protobufjs from "protobufjs";
import { expect, test } from "vitest";
import { shapes, valuesOf } from "../contract/arbitrary.ts";
import { Everything, shapeOf } from "../contract/messages.ts";
import type {
  FieldDescription,
  MemberDescription,
  MessageDescription,
  TypeDescription,
  VersionDescription,
} from "../description.ts";
import type { MessageValue } from "../format.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type {
  EnumerationShape,
  FieldShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import { numbersOf } from "../schema/variants.ts";
import { toHex } from "../value-json.ts";
import { protobuf } from "./format.ts";
import { toProto } from "./to-proto.ts";

type Foreign = Record<string, unknown>;

/** Describes any shape, with a name of its own for each message and enumeration in it. */
function describeShape(root: MessageShape): VersionDescription {
  const names = new Map<MessageShape | EnumerationShape, string>();
  const messages: MessageDescription[] = [];
  const enumerations: VersionDescription["enumerations"][number][] = [];
  const typeOf = (shape: Shape): TypeDescription => {
    switch (shape.kind) {
      case "message":
        return { kind: "message", name: addMessage(shape.message()) };
      case "enumeration":
        return { kind: "enumeration", name: addEnumeration(shape.enumeration) };
      case "list":
        return { ...shape, item: typeOf(shape.item) };
      case "map":
        return { kind: "map", key: typeOf(shape.key), value: typeOf(shape.value) };
      default:
        return shape;
    }
  };
  const fieldOf = (field: FieldShape): FieldDescription => ({ ...field, type: typeOf(field.type) });
  const addEnumeration = (shape: EnumerationShape): string => {
    const name = names.get(shape) ?? `E${names.size}`;
    if (names.has(shape)) return name;
    names.set(shape, name);
    const variants = [...shape.variants].map(([variant, number]) => ({ name: variant, number }));
    enumerations.push({ name, open: shape.open, variants });
    return name;
  };
  const addMessage = (shape: MessageShape): string => {
    const name = names.get(shape) ?? `M${names.size}`;
    if (names.has(shape)) return name;
    names.set(shape, name);
    const members = shape.members.map(
      (member): MemberDescription =>
        member.kind === "oneof"
          ? { ...member, variants: member.variants.map(fieldOf) }
          : fieldOf(member),
    );
    messages.push({ name, surface: "nested", members });
    return name;
  };
  addMessage(root);
  return { version: 1, format: "protobuf", messages, enumerations, rules: {} };
}

function foreignTypeOf(shape: MessageShape): protobufjs.Type {
  const { root } = protobufjs.parse(toProto(describeShape(shape)), { keepCase: true });
  return root.lookupType("M0");
}

/** What protobufjs takes: numbers for variants, a property per set variant, Long for 64 bits. */
function toForeign(shape: MessageShape, value: MessageValue): Foreign {
  const foreign: Foreign = {};
  for (const member of shape.members) {
    const found = value[member.name];
    if (found === undefined) continue;
    if (member.kind === "field") foreign[member.name] = foreignValue(member.type, found);
    else Object.assign(foreign, foreignVariant(shape, member, found));
  }
  return foreign;
}

function foreignVariant(shape: MessageShape, oneof: OneofShape, chosen: unknown): Foreign {
  const { case: name, value } = chosen as { case: string; value: unknown };
  const variant = oneof.variants.find((one) => one.name === name) as FieldShape;
  const names = shape.members.flatMap((member) =>
    member.kind === "oneof" ? member.variants.map((one) => one.name) : [member.name],
  );
  const isRepeated = names.filter((one) => one === name).length > 1;
  return { [isRepeated ? `${oneof.name}_${name}` : name]: foreignValue(variant.type, value) };
}

function foreignValue(type: Shape, value: unknown): unknown {
  switch (type.kind) {
    case "enumeration":
      return numbersOf(type.enumeration)(value) | 0;
    case "message":
      return toForeign(type.message(), value as MessageValue);
    case "list":
      return (value as unknown[]).map((item) => foreignValue(type.item, item));
    case "map":
      return foreignEntries(type.key, type.value, value as Map<unknown, unknown>);
    case "integer":
      return type.bits === 64 ? foreignLong(BigInt(value as bigint)) : value;
    default:
      return value;
  }
}

function foreignLong(value: bigint): object {
  return protobufjs.util.LongBits.from({
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
  } as never).toLong(value >= 0n);
}

function foreignEntries(key: Shape, value: Shape, entries: Map<unknown, unknown>): unknown {
  const pairs = [...entries].map(([one, of]) => [one, foreignValue(value, of)] as const);
  if (["bool", "string"].includes(key.kind)) return Object.fromEntries(pairs);
  if (key.kind !== "integer") {
    return pairs.map(([one, of]) => ({ key: foreignValue(key, one), value: of }));
  }
  // 64-bit keys are the eight characters of their bytes there.
  const { LongBits } = protobufjs.util;
  return Object.fromEntries(
    pairs.map(([one, of]) =>
      key.bits < 64
        ? [one, of]
        : [LongBits.from(foreignLong(BigInt(one as bigint)) as never).toHash(), of],
    ),
  );
}

/** protobufjs keeps map entries in properties, and drops a key that would be the prototype. */
function hasNoTrap(value: unknown): boolean {
  if (value instanceof Map) return !value.has("__proto__") && [...value.values()].every(hasNoTrap);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return true;
  return Object.values(value).every(hasNoTrap);
}

const everything = shapeOf(Everything);
const cases = fc
  .oneof({ arbitrary: shapes, weight: 3 }, fc.constant(everything))
  .chain((shape) => valuesOf(shape).map((value) => ({ shape, value })))
  .filter(({ value }) => hasNoTrap(value));

test("what we write, protobufjs reads as the same value, and writes it back for us", () => {
  fc.assert(
    fc.property(cases, ({ shape, value }) => {
      const codec = protobuf.compile(shape, DEFAULT_LIMITS);
      const foreignType = foreignTypeOf(shape);
      const read = foreignType.decode(codec.encode(value));
      expect(codec.decode(foreignType.encode(read).finish())).toEqual(value);
    }),
    { numRuns: 200 },
  );
});

test("what protobufjs writes from the value alone, we read as that value", () => {
  fc.assert(
    fc.property(cases, ({ shape, value }) => {
      const codec = protobuf.compile(shape, DEFAULT_LIMITS);
      const foreignType = foreignTypeOf(shape);
      const bytes = foreignType.encode(foreignType.create(toForeign(shape, value))).finish();
      expect(codec.decode(bytes)).toEqual(value);
    }),
    { numRuns: 200 },
  );
});

test("where everything is explicit and nothing is a map, the bytes are the same", () => {
  const explicit = shapes.map((shape) => ({
    ...shape,
    members: shape.members.filter((member) =>
      member.kind === "field"
        ? isExplicit(member)
        : member.variants.every(({ type }) => type.kind !== "message"),
    ),
  }));
  const explicitCases = explicit.chain((shape) =>
    valuesOf(shape).map((value) => ({ shape, value })),
  );
  let compared = 0;
  fc.assert(
    fc.property(explicitCases, ({ shape, value }) => {
      const foreignType = foreignTypeOf(shape);
      const theirs = foreignType.encode(foreignType.create(toForeign(shape, value))).finish();
      const ours = protobuf.compile(shape, DEFAULT_LIMITS).encode(value);
      expect(toHex(ours)).toBe(toHex(theirs));
      compared += ours.length;
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(100);
});

/** protobufjs also writes an empty value where it is given one, which proto3 leaves out. */
function isExplicit({ type, presence }: FieldShape): boolean {
  if (type.kind === "list") return type.item.kind !== "message";
  return presence === "optional" && type.kind !== "message";
}
