/** The shapes of `every_type.rs` in the Rust example host, field by field, and values at random. */
import {
  type EnumerationShape,
  type FieldShape,
  type MessageShape,
  type MessageValue,
  type Shape,
  tupleShape,
} from "../../codecs/index.ts";

const u = (bits: 8 | 16 | 32 | 64, encoding: "varint" | "fixed" = "varint"): Shape =>
  integer(false, bits, encoding);
const i = (bits: 8 | 16 | 32 | 64, encoding: "varint" | "fixed" = "varint"): Shape =>
  integer(true, bits, encoding);
const bool: Shape = { kind: "bool" };
const text: Shape = { kind: "string" };
const bytes: Shape = { kind: "bytes" };
const list = (item: Shape): Shape => ({ kind: "list", item, packed: false });
const packed = (item: Shape): Shape => ({ kind: "list", item, packed: true });
const map = (key: Shape, value: Shape): Shape => ({ kind: "map", key, value });
const f = (bits: 32 | 64): Shape => ({ kind: "float", bits, as: "pattern" });

function integer(signed: boolean, bits: 8 | 16 | 32 | 64, encoding: "varint" | "fixed"): Shape {
  return { kind: "integer", signed, bits, encoding, as: bits === 64 ? "bigint" : "number" };
}

function nonZero(type: Shape): Shape {
  return { ...type, nonZero: true } as Shape;
}

function set(type: Shape): Shape {
  return { ...type, set: true } as Shape;
}

function array(type: Shape, length: number): Shape {
  return { ...type, length } as Shape;
}

const KIND: EnumerationShape = {
  name: "Kind",
  open: false,
  variants: new Map([
    ["none", 0],
    ["some", 1],
    ["many", 300],
  ]),
};
const kind: Shape = { kind: "enumeration", enumeration: KIND };

function field(
  number: number,
  type: Shape,
  presence: FieldShape["presence"] = "implicit",
): FieldShape {
  return { kind: "field", name: `f${number}`, number, type, presence };
}

function optional(number: number, type: Shape): FieldShape {
  return field(number, type, "optional");
}

const SMALL: MessageShape = { name: "Small", members: [field(0, u(32)), field(1, text)] };
const IN_PLACE: MessageShape = { name: "InPlace", members: [field(1, bool)] };
const small: Shape = { kind: "message", message: () => SMALL };

export const EVERY_TYPE: MessageShape = {
  name: "EveryType",
  members: [
    field(0, bool),
    field(1, u(8)),
    field(2, u(16)),
    field(3, u(32)),
    field(4, u(64)),
    field(5, i(8)),
    field(6, i(16)),
    field(7, i(32)),
    field(8, i(64)),
    field(9, u(32, "fixed")),
    field(10, u(64, "fixed")),
    field(11, i(32, "fixed")),
    field(12, i(64, "fixed")),
    field(13, text),
    field(14, bytes),
    field(15, { kind: "bytes", length: 4 }),
    field(16, { kind: "bytes", length: 8, fixed: true }),
    optional(17, u(32)),
    optional(18, text),
    optional(19, u(64, "fixed")),
    optional(20, bool),
    optional(21, { kind: "message", message: () => EVERY_TYPE }),
    field(22, list(u(32))),
    field(23, packed(u(32))),
    field(24, packed(u(32, "fixed"))),
    field(25, list(text)),
    field(26, packed(text)),
    field(27, packed(bool)),
    field(28, list(small)),
    field(29, packed(small)),
    field(30, map(u(32), text)),
    field(31, map(text, u(64))),
    field(32, map(bool, map(i(32), small))),
    field(33, set(list(u(32)))),
    field(34, set(packed(text))),
    field(35, array(list(u(32)), 3)),
    field(36, array(packed(i(16)), 3)),
    field(37, tupleShape([u(32), text, bool])),
    optional(38, nonZero(u(32))),
    optional(39, nonZero(i(64, "fixed"))),
    field(40, kind),
    optional(41, kind),
    field(42, packed(kind)),
    field(43, set(list(kind))),
    field(44, list(packed(u(32)))),
    optional(45, packed(u(32))),
    field(46, list(u(64, "fixed"))),
    field(47, map(bytes, packed(u(32)))),
    {
      kind: "oneof",
      name: "choice",
      variants: [
        field(60, i(32)),
        field(61, text),
        field(62, small),
        field(63, packed(u(64))),
        field(64, u(64, "fixed")),
        field(65, { kind: "message", message: () => IN_PLACE, uncounted: true }),
      ],
    },
  ],
};

export const EVERY_FLOAT: MessageShape = {
  name: "EveryFloat",
  members: [
    field(1, f(32)),
    field(2, f(64)),
    optional(3, f(64)),
    field(4, packed(f(32))),
    field(5, list(f(64))),
    field(6, map(u(32), f(32))),
    field(7, array(list(f(64)), 2)),
  ],
};

/** An integer from 0 to below the bound. */
export type Draw = (bound: number) => number;

/** Most members empty, so that each of the others is met by itself too. */
export function drawMessage(shape: MessageShape, draw: Draw, depth = 0): MessageValue {
  const value: Record<string, unknown> = {};
  for (const member of shape.members) {
    if (draw(shape.members.length > 10 ? 6 : 2) > 0) continue;
    if (member.kind === "field") {
      value[member.name] = drawValue(member.type, draw, depth);
      continue;
    }
    const variant = member.variants[draw(member.variants.length)];
    if (variant)
      value[member.name] = { case: variant.name, value: drawValue(variant.type, draw, depth) };
  }
  if (!shape.tuple) return value;
  const places = shape.members.map((member) => drawValue((member as FieldShape).type, draw, depth));
  return places as unknown as MessageValue;
}

const TEXTS = ["", "a", "é😀", "x".repeat(130), "\u0000"];

function drawValue(shape: Shape, draw: Draw, depth: number): unknown {
  switch (shape.kind) {
    case "bool":
      return draw(2) === 1;
    case "integer":
      return drawInteger(shape, draw);
    case "float":
      return shape.bits === 64 ? drawBits(64, draw) : Number(drawBits(32, draw));
    case "string":
      return TEXTS[draw(TEXTS.length)];
    case "bytes":
      return Uint8Array.from({ length: shape.length ?? draw(6) }, () => draw(256));
    case "enumeration":
      return [...shape.enumeration.variants.keys()][draw(shape.enumeration.variants.size)];
    case "message":
      return depth > 2 ? {} : drawMessage(shape.message(), draw, depth + 1);
    case "list": {
      const items = Array.from({ length: shape.length ?? draw(4) }, () =>
        drawValue(shape.item, draw, depth),
      );
      return shape.set ? new Set(items) : items;
    }
    case "map":
      return drawMap(shape, draw, depth);
    default:
      throw new Error(`Cannot draw a ${shape.kind}: no field here has that type`);
  }
}

function drawMap(
  shape: Extract<Shape, { kind: "map" }>,
  draw: Draw,
  depth: number,
): Map<unknown, unknown> {
  const entries = new Map<string, [unknown, unknown]>();
  for (let count = draw(4); count > 0; count--) {
    const key = drawValue(shape.key, draw, depth);
    entries.set(String(key), [key, drawValue(shape.value, draw, depth)]);
  }
  return new Map(entries.values());
}

function drawBits(bits: number, draw: Draw): bigint {
  let value = 0n;
  for (let at = 0; at < bits; at += 16) value = (value << 16n) | BigInt(draw(0x10000));
  return value >> BigInt([0, bits - 3, bits - 9, bits - 17][draw(4)] ?? 0);
}

function drawInteger(shape: Extract<Shape, { kind: "integer" }>, draw: Draw): number | bigint {
  const raw =
    drawBits(shape.bits === 8 ? 16 : shape.bits, draw) & ((1n << BigInt(shape.bits)) - 1n);
  const value = shape.signed ? BigInt.asIntN(shape.bits, raw) : raw;
  const drawn = value === 0n && shape.nonZero ? 1n : value;
  return shape.as === "bigint" ? drawn : Number(drawn);
}
