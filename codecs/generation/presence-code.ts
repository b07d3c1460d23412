/** When a plain field is left out, as expressions of the variable that holds its value. */
import { isOnEveryObject } from "../schema/own.ts";
import type { Shape } from "../schema/shape.ts";
import { zeroNames } from "./enumeration-code.ts";

/** The member of the value in the variable `v`. */
export function memberCode(v: string, name: string): string {
  const member = `${v}[${JSON.stringify(name)}]`;
  if (!isOnEveryObject(name)) return member;
  return `(Object.hasOwn(${v}, ${JSON.stringify(name)}) ? ${member} : undefined)`;
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
    case "list":
      return `${x} !== undefined && ${x}.length !== 0`;
    case "map":
      return `${x} !== undefined && ${x}.size !== 0`;
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
  switch (type.kind) {
    case "bool":
      return `${x} !== false && ${x} !== undefined`;
    case "bytes":
      return `${x} !== undefined && (!(${x} instanceof Uint8Array) || H_length.call(${x}) !== 0)`;
    case "list":
      return `${x} !== undefined && !Array.isArray(${x})`;
    case "map":
      return `${x} !== undefined && !(${x} instanceof Map)`;
    default:
      return undefined;
  }
}
