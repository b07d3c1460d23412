/** The empty value of each type: what an absent implicit field reads as. */
import type { MessageValue } from "../format.ts";
import type { MessageShape, Shape } from "./shape.ts";

const NO_BYTES = new Uint8Array(0);

export function emptyValue(shape: Shape): unknown {
  switch (shape.kind) {
    case "bool":
      return false;
    case "integer":
      return shape.as === "bigint" ? 0n : 0;
    case "float":
      return 0;
    case "string":
      return "";
    case "bytes":
      return NO_BYTES;
    case "enumeration":
      return variantNamed(shape.enumeration.variants, 0) ?? "unknown(0)";
    case "message":
      return emptyMessage(shape.message());
    case "list":
      return [];
    case "map":
      return new Map();
  }
}

function emptyMessage(shape: MessageShape): MessageValue {
  const value: Record<string, unknown> = {};
  for (const member of shape.members) {
    if (member.kind === "field" && member.presence === "implicit") {
      value[member.name] = emptyValue(member.type);
    }
  }
  return value;
}

function variantNamed(variants: ReadonlyMap<string, number>, number: number): string | undefined {
  for (const [name, value] of variants) if (value === number) return name;
  return undefined;
}

/** Whether a value is what an absent implicit field of the type reads as. Undefined counts as empty. */
export function isEmpty(shape: Shape, value: unknown): boolean {
  if (value === undefined) return true;
  switch (shape.kind) {
    case "bool":
      return value === false;
    case "integer":
      return value === 0 || value === 0n;
    case "float":
      return Object.is(value, 0);
    case "string":
      return value === "";
    case "bytes":
      return (value as Uint8Array).length === 0;
    case "enumeration":
      return value === "unknown(0)" || shape.enumeration.variants.get(value as string) === 0;
    case "message":
      return isEmptyMessage(shape.message(), value as MessageValue);
    case "list":
      return (value as readonly unknown[]).length === 0;
    case "map":
      return (value as ReadonlyMap<unknown, unknown>).size === 0;
  }
}

function isEmptyMessage(shape: MessageShape, value: MessageValue): boolean {
  return shape.members.every((member) => {
    const found = value[member.name];
    if (member.kind === "oneof" || member.presence === "optional") return found === undefined;
    return isEmpty(member.type, found);
  });
}
