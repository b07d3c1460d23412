/** Shapes made by hand for the tests of this folder, which must not lean on the schema language. */
import type {
  EnumerationShape,
  FieldShape,
  IntegerShape,
  MessageShape,
  OneofShape,
  Shape,
} from "../schema/shape.ts";

export function shapeOf(
  name: string,
  ...members: readonly (FieldShape | OneofShape)[]
): MessageShape {
  return { name, members };
}

export function plain(number: number, name: string, type: Shape): FieldShape {
  return { kind: "field", name, number, type, presence: "implicit" };
}

export function optional(number: number, name: string, type: Shape): FieldShape {
  return { kind: "field", name, number, type, presence: "optional" };
}

export function oneof(name: string, ...variants: readonly FieldShape[]): OneofShape {
  return { kind: "oneof", name, variants };
}

export function integer(
  bits: IntegerShape["bits"],
  change: Partial<Omit<IntegerShape, "kind" | "bits">> = {},
): IntegerShape {
  return { kind: "integer", signed: false, bits, encoding: "varint", as: "number", ...change };
}

export function list(item: Shape, packed = false): Shape {
  return { kind: "list", item, packed };
}

export function map(key: Shape, value: Shape): Shape {
  return { kind: "map", key, value };
}

export function nested(message: MessageShape | (() => MessageShape)): Shape {
  return { kind: "message", message: typeof message === "function" ? message : () => message };
}

export function enumeration(variants: Readonly<Record<string, number>>, open = false): Shape {
  const shape: EnumerationShape = {
    name: "Colour",
    variants: new Map(Object.entries(variants)),
    open,
  };
  return { kind: "enumeration", enumeration: shape };
}

export const u32: Shape = integer(32);
export const bool: Shape = { kind: "bool" };
export const string: Shape = { kind: "string" };
export const bytes: Shape = { kind: "bytes" };

export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(" ", "").match(/../g) ?? [];
  return Uint8Array.from(digits, (digit) => Number.parseInt(digit, 16));
}

export function toHex(found: Uint8Array): string {
  return [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
