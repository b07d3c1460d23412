/** What both directions know of a type: its wire type, its room, and when a plain field is left out. */
import { zeroNames } from "../../generation/enumeration-code.ts";
import { isLeaf, placesOf } from "../../generation/plan.ts";
import type { MessageShape, Shape } from "../../schema/shape.ts";

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

/** False for what a plain field leaves out. What is neither present nor empty is caught by `refusal`. */
export function isPresent(type: Shape, x: string): string {
  switch (type.kind) {
    case "bool":
      return `${x} === true`;
    case "integer":
      return `${x} !== ${type.as === "bigint" ? "0n" : "0"} && ${x} !== undefined`;
    case "float":
      return `${x} !== undefined && !Object.is(${x}, 0)`;
    case "string":
      return `${x} !== "" && ${x} !== undefined`;
    case "bytes":
      return `${x} !== undefined && ${x}.length !== 0`;
    case "enumeration": {
      const isOther = zeroNames(type.enumeration).map((name) => `${x} !== ${name}`);
      return [`${x} !== undefined`, ...isOther].join(" && ");
    }
    default:
      return `${x} !== undefined`;
  }
}

/** True for what `isPresent` takes for empty although it is of another type; undefined where there is no such thing. */
export function refusal(type: Shape, x: string): string | undefined {
  if (type.kind === "bool") return `${x} !== false && ${x} !== undefined`;
  if (type.kind === "bytes") return `${x} !== undefined && !(${x} instanceof Uint8Array)`;
  return undefined;
}
