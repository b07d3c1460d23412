/** One message with every kind of member that all formats share, and what helps to look at it. */
import type { Codec, Format } from "../format.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { type EnumerationDefinition, enumeration } from "../schema/enumeration.ts";
import * as s from "../schema/field.ts";
import { type MessageDefinition, message, oneof, type Value } from "../schema/message.ts";
import { Resolver } from "../schema/resolve.ts";
import type { MessageShape } from "../schema/shape.ts";

export const Colour: EnumerationDefinition<"red" | "green" | "blue"> = enumeration("Colour", {
  red: 0,
  green: 1,
  blue: 70_000,
});
const Strict: EnumerationDefinition<"off" | "on"> = enumeration(
  "Strict",
  { off: 0, on: 1 },
  { closed: true },
);
export const Leaf = message("Leaf", { key: s.bytes(1), rank: s.uint64(2) });

export interface Tree {
  readonly name: string;
  readonly only?: Tree | undefined;
  readonly kids: readonly Tree[];
  readonly named: ReadonlyMap<string, Tree>;
  readonly pick?: { readonly case: "tree"; readonly value: Tree } | undefined;
}
export const Tree: MessageDefinition<Tree> = message("Tree", {
  name: s.string(1),
  only: s.optional(s.field(2, () => Tree)),
  kids: s.list(3, () => Tree),
  named: s.map(4, s.string, () => Tree),
  pick: oneof({ tree: s.field(5, () => Tree) }),
});

export const Everything = message("Everything", {
  flag: s.bool(1),
  u8: s.uint8(2),
  u16: s.uint16(3),
  u32: s.uint32(4),
  u64: s.uint64(5),
  i8: s.int8(6),
  i16: s.int16(7),
  i32: s.int32(8),
  i64: s.int64(9),
  f32: s.fixed32(10),
  f64: s.fixed64(11),
  sf32: s.sfixed32(12),
  sf64: s.sfixed64(13),
  bigU: s.bigUint64(14),
  bigI: s.bigInt64(15),
  single: s.float32(16),
  double: s.float64(17),
  text: s.string(18),
  blob: s.bytes(19),
  colour: s.field(20, Colour),
  strict: s.field(21, Strict),
  leaf: s.field(22, Leaf),
  maybe: s.optional(s.uint64(23)),
  maybeText: s.optional(s.string(24)),
  maybeBlob: s.optional(s.bytes(25)),
  maybeFlag: s.optional(s.bool(26)),
  maybeColour: s.optional(s.field(27, Colour)),
  maybeLeaf: s.optional(s.field(28, Leaf)),
  maybeBig: s.optional(s.bigUint64(29)),
  leaves: s.list(40, Leaf),
  texts: s.list(41, s.string),
  loose: s.list(42, s.int32),
  tight: s.packed(43, s.uint64),
  colours: s.packed(44, Colour),
  flags: s.packed(45, s.bool),
  blobs: s.list(46, s.bytes),
  doubles: s.packed(47, s.float64),
  byText: s.map(50, s.string, s.uint64),
  byNumber: s.map(51, s.int32, Leaf),
  byFlag: s.map(52, s.bool, s.string),
  byBlob: s.map(53, s.bytes, s.uint32),
  byColour: s.map(54, Colour, Colour),
  byBig: s.map(55, s.bigUint64, s.bytes),
  op: oneof({
    number: s.uint32(60),
    word: s.string(61),
    raw: s.bytes(62),
    leaf: s.field(63, Leaf),
    hue: s.field(30, Colour),
  }),
  tree: s.optional(s.field(70, () => Tree)),
});
export type Everything = Value<typeof Everything>;

/** The shape of a definition at a version, without a protocol around it. */
export function shapeOf(definition: MessageDefinition<object>, version = 1): MessageShape {
  return new Resolver(version).message(definition);
}

export function codecOf(
  format: Format,
  definition: MessageDefinition<object>,
  options: { readonly version?: number; readonly limits?: Partial<Limits> } = {},
): Codec {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return format.compile(shapeOf(definition, options.version), limits);
}
