/** When a field counts as absent or empty, for the code that reads it. */
import type { Place } from "../../generation/plan.ts";
import type { EnumerationShape, FieldShape, Shape } from "../../schema/shape.ts";
import { wireTypeOf } from "./scalar-code.ts";

/** Whether each item is a field of its own, as lists are in a message unless they are packed. */
export function isRun({ field, oneof }: Place): boolean {
  const { type, presence } = field;
  if (type.kind !== "list" || type.packed || oneof !== undefined) return false;
  return presence === "implicit" || type.length !== undefined;
}

export function fieldWireType(place: Place): number {
  const { type } = place.field;
  return isRun(place) && type.kind === "list" ? wireTypeOf(type.item) : wireTypeOf(type);
}

/** The constant that an absent field reads as; "undefined" where it must be made anew. */
export function startOf({ type, presence }: Pick<FieldShape, "type" | "presence">): string {
  if (presence === "optional") return "undefined";
  switch (type.kind) {
    case "bool":
      return "false";
    case "integer":
      if (type.nonZero) return "undefined";
      return type.as === "bigint" ? "0n" : "0";
    case "float":
      return type.as === "pattern" && type.bits === 64 ? "0n" : "0";
    case "string":
      return '""';
    case "bytes":
      return type.length ? "undefined" : "NO_BYTES";
    case "enumeration":
      return JSON.stringify(zeroName(type.enumeration));
    default:
      return "undefined";
  }
}

/** Whether a plain field that was read should have been left out; undefined where its body said so. */
export function isEmptyCode(type: Shape, slot: string): string | undefined {
  switch (type.kind) {
    case "bool":
      return `${slot} === false`;
    case "integer":
      return `${slot} === ${type.as === "bigint" ? "0n" : "0"}`;
    case "float":
      return type.as === "pattern" ? `${slot} == 0` : `Object.is(${slot}, 0)`;
    case "enumeration":
      return `${slot} === ${startOf({ type, presence: "implicit" })}`;
    case "string":
      return `${slot} === ""`;
    case "bytes":
      return type.length === undefined
        ? `${slot}.length === 0`
        : `${slot}.every((one) => one === 0)`;
    case "list":
      return type.length === undefined ? `${slot}.length === 0` : undefined;
    case "map":
      return `${slot}.size === 0`;
    default:
      return undefined;
  }
}

/** Of two names for 0 the first is read. */
function zeroName({ variants }: EnumerationShape): string {
  for (const [name, number] of variants) if (number === 0) return name;
  return "unknown(0)";
}
