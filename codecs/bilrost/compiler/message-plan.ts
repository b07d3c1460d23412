/** What is Bilrost's own among the questions that are asked of a message before code is written for it. */

import { depthOf, isRecursive, placesOf, reached, typesOf } from "../../generation/plan.ts";
import type { ShapePath } from "../../generation/shape-path.ts";
import type { Limits } from "../../limits.ts";
import type { FieldShape, MessageShape, OneofShape, Shape } from "../../schema/shape.ts";

/** Members as the interpreter orders them, so that values of both have one form. */
export function membersOf(shape: MessageShape): (FieldShape | OneofShape)[] {
  const lowest = (member: FieldShape | OneofShape): number =>
    member.kind === "field"
      ? member.number
      : Math.min(...member.variants.map(({ number }) => number));
  return [...shape.members].sort((left, right) => lowest(left) - lowest(right));
}

/** Types that are rare and intricate go through the interpreter's codec of that one value. */
export function isLeftToInterpreter(type: Shape): boolean {
  switch (type.kind) {
    case "time":
      return true;
    case "list":
      return type.set === true || (type.length ?? 0) > 16 || isLeftToInterpreter(type.item);
    case "map":
      return !["bool", "integer", "string", "enumeration"].includes(type.key.kind);
    case "enumeration":
      return type.enumeration.variants.size > 256;
    default:
      return false;
  }
}

/** A zoned time is a message in a message, and nothing here has more levels. */
const TIME_LEVELS = 2;

function timeLevelsIn(message: MessageShape): number {
  return typesOf(message).some(hasTime) ? TIME_LEVELS : 0;
}

function hasTime(type: Shape): boolean {
  if (type.kind === "list") return hasTime(type.item);
  return (
    type.kind === "time" || (type.kind === "map" && (hasTime(type.key) || hasTime(type.value)))
  );
}

const TAG_MAX = 2 ** 28;

/** False for what is better interpreted: tags whose keys leave 32 bits, nesting beyond the limit. */
export function canCompile(root: MessageShape, { depthMax }: Limits): boolean {
  const seen = new Set<MessageShape>();
  const fits = (message: MessageShape): boolean => {
    if (seen.has(message)) return true;
    seen.add(message);
    const numbers = placesOf(message, []).map(({ number }) => number);
    return numbers.every((number) => number < TAG_MAX) && reached(message).every(fits);
  };
  return fits(root) && (isRecursive(root) || depthOf(root, timeLevelsIn) <= depthMax);
}

/** The expression of a helper for one place of the schema, made when the code is linked. */
export function helperAt(maker: "codec" | "order", path: ShapePath): string {
  return `H.${maker}(${JSON.stringify(path)})`;
}
