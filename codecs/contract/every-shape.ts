/**
 * Random shapes of every kind that Bilrost has: beside those that all formats share, sets, arrays,
 * tuples, ranges, times, composite keys, messages that hold themselves, and tags of 32 bits.
 */
import fc from "fast-check";
import {
  type FieldShape,
  type MessageShape,
  type OneofShape,
  rangeShape,
  type Shape,
  tupleShape,
} from "../schema/shape.ts";
import { TIME_TYPES } from "../schema/time.ts";

const TAG_MAX = 2 ** 32 - 1;

const integers: fc.Arbitrary<Shape> = fc
  .record({
    signed: fc.boolean(),
    bits: fc.constantFrom(8, 16, 32, 64),
    isFixed: fc.boolean(),
    isBig: fc.boolean(),
    isNonZero: fc.nat(5),
  })
  .map(({ signed, bits, isFixed, isBig, isNonZero }) => ({
    kind: "integer",
    signed,
    bits: bits as 8 | 16 | 32 | 64,
    encoding: isFixed && bits >= 32 ? "fixed" : "varint",
    as: isBig && bits === 64 ? "bigint" : "number",
    ...(isNonZero === 0 && { nonZero: true }),
  }));

const manyVariants = (count: number): [string, number][] =>
  Array.from({ length: count }, (_, number) => [`v${number}`, number]);

const enumerations: fc.Arbitrary<Shape> = fc
  .record({
    open: fc.boolean(),
    isByPlace: fc.boolean(),
    variants: fc.constantFrom<[string, number][]>(
      [["none", 0]],
      [
        ["late", 9],
        ["none", 0],
        ["last", TAG_MAX],
      ],
      [
        ["constructor", 1],
        ["never", 200],
      ],
      manyVariants(20),
      manyVariants(300),
    ),
  })
  .map(({ open, isByPlace, variants }) => ({
    kind: "enumeration",
    enumeration: {
      name: "Made",
      variants: new Map(variants),
      open,
      ...(isByPlace && { order: "declaration" as const }),
    },
  }));

const bytes: fc.Arbitrary<Shape> = fc.oneof(
  fc.constant<Shape>({ kind: "bytes" }),
  fc.nat(5).map((length): Shape => ({ kind: "bytes", length })),
  fc.constantFrom(4, 8).map((length): Shape => ({ kind: "bytes", length, fixed: true })),
);

const times: fc.Arbitrary<Shape> = fc
  .constantFrom(...TIME_TYPES)
  .map((type) => ({ kind: "time", type }));

const floats: fc.Arbitrary<Shape> = fc
  .record({ bits: fc.constantFrom(32, 64), isPattern: fc.boolean() })
  .map(({ bits, isPattern }) => ({
    kind: "float",
    bits: bits as 32 | 64,
    ...(isPattern && { as: "pattern" }),
  }));

const ordered: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 4, arbitrary: integers },
  { weight: 2, arbitrary: fc.constantFrom<Shape>({ kind: "bool" }, { kind: "string" }) },
  enumerations,
  bytes,
  times,
);

/** Names that generated code could trip over. */
const ODD_NAMES = ["constructor", "toString", "a b", "']; }", '"', "\u2028", "value", "0", "é"];
const tags: fc.Arbitrary<number> = fc.oneof(
  { weight: 60, arbitrary: fc.nat(40) }, // Few are large: messages with large tags are not compiled.
  { weight: 30, arbitrary: fc.nat(20_000) },
  fc.integer({ min: 2 ** 28 - 4, max: 2 ** 28 + 4 }),
  fc.integer({ min: TAG_MAX - 3, max: TAG_MAX }),
);

type Member = FieldShape | OneofShape;

/** Lists of two lengths: any, and exactly so many. */
function lists(items: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  const length = fc.option(fc.oneof(fc.nat(3), fc.constant(17)), { nil: undefined, freq: 1 });
  // A drawn `false` may come as undefined when a stream beside it is cloned.
  return fc
    .record({ item: items, packed: fc.boolean(), length })
    .map(({ item, packed, length }) => ({
      kind: "list",
      item,
      packed: packed === true,
      ...(length !== undefined && { length }),
    }));
}

function sets(items: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  return fc
    .record({ item: items, packed: fc.boolean() })
    .map(({ item, packed }) => ({ kind: "list", set: true, item, packed: packed === true }));
}

function maps(keys: fc.Arbitrary<Shape>, values: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  return fc.record({ key: keys, value: values }).map((map) => ({ kind: "map", ...map }));
}

function tuples(items: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  const placed = items.filter(hasEmpty);
  return fc.oneof(
    fc.array(placed, { maxLength: 3 }).map(tupleShape),
    fc
      .record({ of: placed, isInclusive: fc.boolean() })
      .map(({ of, isInclusive }) => rangeShape(of, isInclusive)),
  );
}

const { messages } = fc.letrec<{
  keys: Shape;
  singles: Shape;
  members: Member;
  messages: MessageShape;
}>((tie) => {
  const isDeep = { depthIdentifier: "shape", maxDepth: 3 };
  return {
    keys: fc.oneof(
      { ...isDeep, maxDepth: 2 },
      { weight: 12, arbitrary: ordered },
      lists(tie("keys")).map((list) => ({ ...list, packed: true }) as Shape),
      sets(tie("keys")),
      maps(tie("keys"), tie("keys")),
      tuples(tie("keys")),
      keyMessages(tie("keys")),
    ),
    singles: fc.oneof(
      isDeep,
      { weight: 8, arbitrary: ordered },
      { weight: 2, arbitrary: floats },
      { weight: 3, arbitrary: lists(tie("singles")) },
      sets(tie("keys")),
      { weight: 2, arbitrary: maps(tie("keys"), tie("singles")) },
      tuples(tie("singles")),
      {
        weight: 3,
        arbitrary: tie("messages").map(
          (shape): Shape => ({ kind: "message", message: () => shape }),
        ),
      },
    ),
    members: fc.oneof(
      {
        weight: 5,
        arbitrary: tie("singles").map((type) =>
          fieldOf(type, hasEmpty(type) ? "implicit" : "optional"),
        ),
      },
      { weight: 2, arbitrary: tie("singles").map((type) => fieldOf(type, "optional")) },
      fc.array(fc.tuple(tie("singles"), fc.boolean()), { minLength: 1, maxLength: 4 }).map(oneofOf),
    ),
    messages: fc
      .tuple(
        fc.array(tie("members"), { maxLength: 6, depthIdentifier: "shape" }),
        fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
        fc.oneof(fc.constant(ODD_NAMES.length), fc.nat(ODD_NAMES.length)),
        fc.infiniteStream(tags),
      )
      .map(([members, selves, from, numbers]) =>
        define(members, selves, numbers, ODD_NAMES.slice(from)),
      ),
  };
});

/** Any message. */
export const everyShape: fc.Arbitrary<MessageShape> = messages;
function keyMessages(members: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  return fc
    .tuple(
      fc.array(members.filter(hasEmpty), { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(tags),
    )
    .map(([types, numbers]) => {
      const shape = define(
        types.map((type) => fieldOf(type, "implicit")),
        0,
        numbers,
        [],
      );
      return { kind: "message", message: () => shape };
    });
}

/** Whether an absent plain field of this type reads as something. */
function hasEmpty(type: Shape): boolean {
  if (type.kind === "integer") return type.nonZero !== true;
  if (type.kind === "list" && type.length) return hasEmpty(type.item);
  if (type.kind !== "enumeration" || type.enumeration.open) return true;
  return [...type.enumeration.variants.values()].includes(0);
}

function fieldOf(type: Shape, presence: FieldShape["presence"]): FieldShape {
  return { kind: "field", name: "", number: 0, type, presence };
}

function oneofOf(types: readonly (readonly [Shape, boolean])[]): OneofShape {
  const variants = types.map(([type, inPlace]) =>
    fieldOf(type.kind === "message" && inPlace ? { ...type, uncounted: true } : type, "implicit"),
  );
  return { kind: "oneof", name: "", variants };
}

/** The four ways in which a message may hold itself. */
const SELVES: readonly ((self: Shape) => Member)[] = [
  (self) => fieldOf(self, "optional"),
  (self) => fieldOf({ kind: "list", item: self, packed: false }, "implicit"),
  (self) => fieldOf({ kind: "map", key: { kind: "string" }, value: self }, "implicit"),
  (self) =>
    oneofOf([
      [self, false],
      [{ kind: "bool" }, false],
    ]),
];

/** Names by place, and tags of which none is used twice. */
function define(
  members: readonly Member[],
  selves: number,
  numbers: IterableIterator<number>,
  oddNames: readonly string[],
): MessageShape {
  const used = new Set<number>();
  const next = (): number => {
    let number: number = numbers.next().value; // A loop over the stream would end it.
    while (used.has(number)) number = numbers.next().value;
    used.add(number);
    return number;
  };
  const self: Shape = { kind: "message", message: () => shape };
  const own = SELVES[selves - 1];
  const all = own === undefined ? members : [...members, own(self)];
  const shape: MessageShape = {
    name: "Made",
    members: all.map((member, place) => {
      const name = oddNames[place] ?? `m${place}`;
      if (member.kind === "field") return { ...member, name, number: next() };
      const variants = member.variants.map((variant, at) => ({
        ...variant,
        name: `v${at}`,
        number: next(),
      }));
      return { ...member, name, variants };
    }),
  };
  return shape;
}

/**
 * Whether canonical bytes of the type are those that an encoder writes: not where a value says less
 * than its bytes (a NaN, an instant told in two ways, a zone that may be dropped).
 */
export function isDistinguished(shape: MessageShape, seen: Set<MessageShape> = new Set()): boolean {
  if (seen.has(shape)) return true;
  seen.add(shape);
  return shape.members.every((member) =>
    (member.kind === "field" ? [member] : member.variants).every(({ type }) => isExact(type, seen)),
  );
}

function isExact(type: Shape, seen: Set<MessageShape>): boolean {
  switch (type.kind) {
    case "float":
      return type.as === "pattern";
    case "time":
      return type.type !== "SystemTime" && type.type !== "jiff::Zoned";
    case "list":
      return isExact(type.item, seen);
    case "map":
      return isExact(type.key, seen) && isExact(type.value, seen);
    case "message":
      return isDistinguished(type.message(), seen);
    default:
      return true;
  }
}
