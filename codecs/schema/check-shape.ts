/** What must hold for a shape whatever its format; found when a protocol is defined, not at the first message. */
import { SchemaError } from "./errors.ts";
import { keyOrderOf } from "./key-order.ts";
import type { FieldShape, MessageShape, Shape } from "./shape.ts";

/** Looks at a message and at all that it reaches. Throws `SchemaError`. */
export function checkShape(root: MessageShape, seen: Set<MessageShape> = new Set()): void {
  if (seen.has(root)) return;
  seen.add(root);
  checkFinite(root, root, new Set());
  for (const member of root.members) {
    const fields = member.kind === "oneof" ? member.variants : [member];
    for (const field of fields) {
      if (member.kind === "field") checkEmpty(root, field);
      checkKeys(root, field.name, field.type);
      for (const inner of reachedBy(field.type)) checkShape(inner, seen);
    }
  }
}

/** An absent implicit field reads as its empty value, so one that holds its own message would have no end. */
function checkFinite(root: MessageShape, at: MessageShape, seen: Set<MessageShape>): void {
  for (const member of at.members) {
    if (member.kind === "oneof" || member.presence === "optional") continue;
    if (member.type.kind !== "message") continue;
    const inner = member.type.message();
    if (inner === root) {
      throw new SchemaError(
        `Cannot define ${root.name}: it holds itself by "${member.name}", which must be optional then`,
      );
    }
    if (seen.has(inner)) continue;
    seen.add(inner);
    checkFinite(root, inner, seen);
  }
}

function checkEmpty(message: MessageShape, { name, type, presence }: FieldShape): void {
  if (presence === "optional") return;
  const problem = withoutEmpty(type);
  if (problem === undefined) return;
  throw new SchemaError(`Cannot define ${message.name}: "${name}" may be absent, but ${problem}`);
}

/** Why a type has no empty value, undefined when it has one. */
function withoutEmpty(type: Shape): string | undefined {
  if (type.kind === "integer" && type.nonZero) return "it is never zero";
  if (type.kind === "list" && type.length) return withoutEmpty(type.item);
  if (type.kind !== "enumeration" || type.enumeration.open) return undefined;
  if ([...type.enumeration.variants.values()].includes(0)) return undefined;
  return `${type.enumeration.name} is closed and has no variant 0`;
}

/** Throws for keys and set items that have no order. */
function checkKeys(message: MessageShape, name: string, type: Shape): void {
  if (type.kind === "list") {
    checkKeys(message, name, type.item);
    if (type.set) checkOrder(message, name, type.item);
  }
  if (type.kind !== "map") return;
  checkOrder(message, name, type.key);
  checkKeys(message, name, type.value);
}

function checkOrder({ name: message }: MessageShape, name: string, key: Shape): void {
  try {
    keyOrderOf(key);
  } catch (error) {
    throw new SchemaError(`Cannot define ${message}: "${name}": ${(error as Error).message}`);
  }
}

function reachedBy(type: Shape): MessageShape[] {
  if (type.kind === "message") return [type.message()];
  if (type.kind === "list") return reachedBy(type.item);
  return type.kind === "map" ? reachedBy(type.value) : [];
}
