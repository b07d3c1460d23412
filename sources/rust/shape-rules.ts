/** What a shape must be to stand in a place. */
import type { EnumerationShape, Shape } from "../../codecs/index.ts";
import { unresolved } from "./errors.ts";

/** A property of this name would change the value that has it. */
export function refuseName(name: string): void {
  if (name === "__proto__") unresolved('"__proto__" is no name that a property can have here');
}

/** Enumerations whose variant 0 is not written as the literal 0, which the crate does not see as empty. */
const WITHOUT_EMPTY = new WeakSet<EnumerationShape>();

export function markWithoutEmpty(enumeration: EnumerationShape): void {
  WITHOUT_EMPTY.add(enumeration);
}

/** Whether a plain field can be of this type. */
export function hasEmpty(shape: Shape): boolean {
  if (shape.kind === "integer") return !shape.nonZero;
  if (shape.kind === "list") return !shape.length || hasEmpty(shape.item);
  if (shape.kind !== "enumeration") return true;
  return !WITHOUT_EMPTY.has(shape.enumeration);
}

/** Why values of this type have no order, undefined when they have one. Messages are not looked into. */
export function keyProblem(shape: Shape): string | undefined {
  if (shape.kind === "float") return "floating-point numbers have no order";
  if (shape.kind === "list") return keyProblem(shape.item);
  return shape.kind === "map" ? (keyProblem(shape.key) ?? keyProblem(shape.value)) : undefined;
}
