/** What both directions know of a type: its wire type and its room. */
import { type FixedCode, fixedCode } from "../../generation/fixed-code.ts";
import { isLeaf, placesOf } from "../../generation/plan.ts";
import { GIVE_UP } from "../../generation/source.ts";
import type { MessageShape, Shape } from "../../schema/shape.ts";

export const FIXED: FixedCode = fixedCode({
  giveUp: GIVE_UP,
  advance: (count) => `p += ${count};`,
});

export function wireTypeOf(type: Shape): 0 | 1 | 2 | 5 {
  switch (type.kind) {
    case "bool":
    case "enumeration":
      return 0;
    case "integer":
      if (type.encoding === "varint") return 0;
      return type.bits === 32 ? 5 : 1;
    case "float":
      return type.bits === 32 ? 5 : 1;
    default:
      return 2;
  }
}

const KEY_MAX = 5;
const VARINT_MAX = 10;

/** The most bytes that a value and its key can take, without what has no bound of its own: text, payloads, items. */
export function roomOf(type: Shape): number {
  const own = type.kind === "message" && isLeaf(type.message()) ? roomOfMessage(type.message()) : 0;
  return KEY_MAX + VARINT_MAX + own;
}

export function roomOfMessage(shape: MessageShape): number {
  return placesOf(shape, []).reduce((sum, { field }) => sum + roomOf(field.type), VARINT_MAX);
}
