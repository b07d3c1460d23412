/** The most bytes that scalars, keys and length prefixes can take: what is kept free while writing. */
import { isLeaf, placesOf } from "../../generation/plan.ts";
import type { MessageShape, Shape } from "../../schema/shape.ts";

const KEY_MAX = 5;
const LENGTH_MAX = 9;

/** Of one value, without what has no bound of its own: text, payloads, items, other functions. */
export function roomOf(type: Shape): number {
  switch (type.kind) {
    case "bool":
      return 1;
    case "integer":
      return 9;
    case "float":
      return 8;
    case "enumeration":
      return 5;
    case "message":
      return LENGTH_MAX + (isLeaf(type.message()) ? roomOfMessage(type.message()) : 0);
    default:
      return LENGTH_MAX;
  }
}

export function roomOfMessage(shape: MessageShape): number {
  return placesOf(shape, []).reduce((sum, { field }) => sum + KEY_MAX + roomOf(field.type), 8);
}
