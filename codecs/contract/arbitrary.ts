/** Random values of a shape, and random shapes of the kinds that all formats share. */
import fc from "fast-check";
import type { MessageValue } from "../format.ts";
import { keyOrderOf } from "../schema/key-order.ts";
import type {
  EnumerationShape,
  FieldShape,
  FloatShape,
  IntegerShape,
  ListShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";
import { type NamedPart, type TimePart, type TimeType, timeParts } from "../schema/time.ts";

const ITEMS_MAX = 3;

/** `depth`: how many levels of messages may still be below. Where there are none, lists stay empty. */
export function valuesOf(shape: MessageShape, depth = 2): fc.Arbitrary<MessageValue> {
  const record = fc.record(
    Object.fromEntries(
      shape.members.map((member) => [
        member.name,
        member.kind === "oneof" ? oneofs(member, depth) : fields(member, depth),
      ]),
    ),
  );
  if (!shape.tuple) return record;
  return record.map(
    (parts) => shape.members.map(({ name }) => parts[name]) as unknown as MessageValue,
  );
}

/** Made once: each has a table of all characters. */
const texts = fc.string({ unit: "binary", maxLength: 6 });

function fields({ type, presence }: FieldShape, depth: number): fc.Arbitrary<unknown> {
  if (presence === "implicit") return values(type, depth);
  return isMessage(type) && depth <= 0
    ? fc.constant(undefined)
    : fc.option(values(type, depth), { nil: undefined });
}

function oneofs({ variants }: OneofShape, depth: number): fc.Arbitrary<unknown> {
  const possible = variants.filter(({ type }) => !(isMessage(type) && depth <= 0));
  const chosen = possible.map(({ name, type }) =>
    fc.record({ case: fc.constant(name), value: values(type, depth) }),
  );
  return fc.oneof(fc.constant(undefined), ...chosen);
}

function values(shape: Shape, depth: number): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "bool":
      return fc.boolean();
    case "integer":
      return integers(shape);
    case "float":
      return floats(shape);
    case "string":
      return texts;
    case "bytes":
      return fc.uint8Array({ minLength: shape.length ?? 0, maxLength: shape.length ?? 6 });
    case "enumeration":
      return variants(shape.enumeration);
    case "message":
      return valuesOf(shape.message(), depth - 1);
    case "list":
      return lists(shape, depth);
    case "time":
      return times(shape.type);
    case "map":
      return isMessage(shape.value) && depth <= 0
        ? fc.constant(new Map())
        : maps(shape.key, shape.value, depth);
  }
}

function floats({ bits, as }: FloatShape): fc.Arbitrary<unknown> {
  if (as === "pattern") {
    return bits === 32 ? fc.nat(0xffff_ffff) : fc.bigInt(0n, 2n ** 64n - 1n);
  }
  return bits === 32 ? fc.float() : fc.double();
}

function lists({ item, length, set }: ListShape, depth: number): fc.Arbitrary<unknown> {
  if (isMessage(item) && depth <= 0 && length === undefined) {
    return fc.constant(set ? new Set() : []);
  }
  const size = { minLength: length ?? 0, maxLength: length ?? ITEMS_MAX };
  if (!set) return fc.array(values(item, depth), size);
  const { identity } = keyOrderOf(item);
  return fc
    .uniqueArray(values(item, depth), { ...size, selector: identity })
    .map((items) => new Set(items));
}

/** Dates near the ends of what all three libraries hold, and spans of either sign. */
function times(type: TimeType): fc.Arbitrary<unknown> {
  return timeOf(timeParts(type), type);
}

function timeOf(parts: readonly NamedPart[], type: TimeType): fc.Arbitrary<unknown> {
  const sign = type === "chrono::Utc" ? fc.constant(0) : fc.constantFrom(-1, 0, 1);
  return sign.chain((one) =>
    fc.record(
      Object.fromEntries(parts.map(([name, part]) => [name, timePart(name, part, type, one)])),
    ),
  );
}

const SIGNED_SPANS: readonly TimeType[] = [
  "chrono::TimeDelta",
  "time::Duration",
  "jiff::SignedDuration",
];
const NUMBER_MAX: Readonly<Record<string, number>> = {
  ordinal0: 364,
  hour: 23,
  minute: 59,
  second: 59,
  nanos: 999_999_999,
};

function timePart(
  name: string,
  part: TimePart,
  type: TimeType,
  sign: number,
): fc.Arbitrary<unknown> {
  if (part === "text") return fc.option(fc.constantFrom("Europe/Paris", "UTC"), { nil: undefined });
  if (typeof part !== "string") return timeOf(part, type);
  if (part !== "number" && part !== "bigint") return times(part);
  const isSigned = SIGNED_SPANS.includes(type);
  if (part === "bigint") {
    const seconds = fc.bigInt(0n, 2n ** 37n);
    return isSigned ? seconds.map((one) => one * BigInt(sign || 1)) : seconds;
  }
  if (name === "year") return fc.integer({ min: -9999, max: 9999 });
  const isOffset = name.endsWith("s") && name !== "nanos";
  const max = isOffset ? 23 : (NUMBER_MAX[name] ?? 0);
  return fc
    .nat(max)
    .map((one) => (isOffset || isSigned ? one * (isOffset ? sign : sign || 1) + 0 : one)); // No -0.
}

function isMessage({ kind }: Shape): boolean {
  return kind === "message";
}

function integers(shape: IntegerShape): fc.Arbitrary<number | bigint> {
  const any = anyIntegers(shape);
  return shape.nonZero ? any.filter((value) => Number(value) !== 0) : any;
}

function anyIntegers({ signed, bits, as }: IntegerShape): fc.Arbitrary<number | bigint> {
  if (as === "bigint") {
    const size = BigInt(bits);
    return signed
      ? fc.bigInt(-(2n ** (size - 1n)), 2n ** (size - 1n) - 1n)
      : fc.bigInt(0n, 2n ** size - 1n);
  }
  const max = Math.min(2 ** (signed ? bits - 1 : bits) - 1, Number.MAX_SAFE_INTEGER);
  const min = signed ? Math.max(-(2 ** (bits - 1)), Number.MIN_SAFE_INTEGER) : 0;
  const edges = [min, max, 0, 127, 128, 2 ** 28, 2 ** 32, 2 ** 49].filter(
    (edge) => edge >= min && edge <= max,
  );
  // Maxima of varints of one to eight bytes are where mistakes are; minus zero is no integer here.
  return fc.oneof(fc.constantFrom(...edges), fc.maxSafeInteger()).map((value) => {
    const inside = value >= min && value <= max ? value : Math.abs(value % (max + 1));
    return inside === 0 ? 0 : inside;
  });
}

function variants({ variants, open }: EnumerationShape): fc.Arbitrary<string> {
  const known = fc.constantFrom(...variants.keys());
  if (!open) return known;
  const numbers = new Set(variants.values());
  const unknown = fc
    .oneof(fc.nat(0xffff), fc.nat(0xffff_ffff))
    .filter((number) => !numbers.has(number))
    .map((number) => `unknown(${number})`);
  return fc.oneof(known, unknown);
}

function maps(key: Shape, value: Shape, depth: number): fc.Arbitrary<Map<unknown, unknown>> {
  const { identity } = keyOrderOf(key);
  return fc
    .uniqueArray(fc.tuple(values(key, depth), values(value, depth)), {
      maxLength: ITEMS_MAX,
      selector: ([one]) => identity(one),
    })
    .map((pairs) => new Map(pairs));
}

const enumerations: fc.Arbitrary<Shape> = fc.boolean().map((open) => ({
  kind: "enumeration",
  enumeration: {
    name: "Made",
    variants: new Map([
      ["none", 0],
      ["some", 9],
    ]),
    open,
  },
}));

const integerShapes: fc.Arbitrary<Shape> = fc
  .record({
    signed: fc.boolean(),
    bits: fc.constantFrom(8, 16, 32, 64),
    encoding: fc.constantFrom("varint", "fixed"),
    as: fc.constantFrom("number", "bigint"),
  })
  .map(({ signed, bits, encoding, as }) => ({
    kind: "integer",
    signed,
    bits: bits as IntegerShape["bits"],
    encoding: bits >= 32 ? (encoding as IntegerShape["encoding"]) : "varint",
    as: bits === 64 ? (as as IntegerShape["as"]) : "number",
  }));

const keyShapes: fc.Arbitrary<Shape> = fc.oneof(
  integerShapes,
  enumerations,
  fc.constantFrom<Shape>({ kind: "bool" }, { kind: "string" }, { kind: "bytes" }),
);

const { messageShapes } = fc.letrec<{
  messageShapes: MessageShape;
  singles: Shape;
  types: Shape;
  members: FieldShape | OneofShape;
}>((tie) => ({
  singles: fc.oneof(
    { maxDepth: 2, depthIdentifier: "message" },
    keyShapes,
    fc.constantFrom<Shape>({ kind: "float", bits: 32 }, { kind: "float", bits: 64 }),
    tie("messageShapes").map((shape): Shape => ({ kind: "message", message: () => shape })),
  ),
  types: fc.oneof(
    tie("singles"),
    fc
      .record({ item: tie("singles"), packed: fc.boolean() })
      // Shrunk cases came out without the flag.
      .map(({ item, packed }): Shape => ({ kind: "list", item, packed: packed === true })),
    fc
      .record({ key: keyShapes, value: tie("singles") })
      .map((map): Shape => ({ kind: "map", ...map })),
  ),
  members: fc.oneof(
    tie("types").map((type) => fieldOf(type, "implicit")),
    tie("singles").map((type) => fieldOf(type, "optional")),
    fc.array(tie("singles"), { minLength: 1, maxLength: 3 }).map(
      (types): OneofShape => ({
        kind: "oneof",
        name: "",
        variants: types.map((type) => fieldOf(type, "implicit")),
      }),
    ),
  ),
  messageShapes: fc
    .tuple(
      fc.array(tie("members"), { maxLength: 4, depthIdentifier: "message" }),
      fc.infiniteStream(
        fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 18_999 })),
      ),
    )
    .map(([members, numbers]) => numbered(members, numbers)),
}));

export const shapes: fc.Arbitrary<MessageShape> = messageShapes;

function fieldOf(type: Shape, presence: FieldShape["presence"]): FieldShape {
  return { kind: "field", name: "", number: 0, type, presence };
}

/** Names by place, and numbers of which none is used twice. */
function numbered(
  members: readonly (FieldShape | OneofShape)[],
  numbers: IterableIterator<number>,
): MessageShape {
  const used = new Set<number>();
  const next = (): number => {
    let number: number = numbers.next().value; // A loop over the stream would end it.
    while (used.has(number)) number = numbers.next().value;
    used.add(number);
    return number;
  };
  return {
    name: "Made",
    members: members.map((member, place) => {
      const name = `m${place}`;
      if (member.kind === "field") return { ...member, name, number: next() };
      const variants = member.variants.map((variant, at) => ({
        ...variant,
        name: `v${at}`,
        number: next(),
      }));
      return { ...member, name, variants };
    }),
  };
}
