/** The empty value of each type: what an absent implicit field reads as. */
import { isBytes, isZero, lengthOf, plainBytes } from "../bytes.ts";
import type { MessageValue } from "../format.ts";
import { ownMember } from "./own.ts";
import type { ListShape, MessageShape, Shape } from "./shape.ts";
import { emptyTime, isEmptyTime } from "./time.ts";

const NO_BYTES = new Uint8Array(0);

export function emptyValue(shape: Shape): unknown {
  switch (shape.kind) {
    case "bool":
      return false;
    case "integer":
      return shape.as === "bigint" ? 0n : 0;
    case "float":
      return shape.as === "pattern" && shape.bits === 64 ? 0n : 0;
    case "string":
      return "";
    case "bytes":
      return shape.length ? new Uint8Array(shape.length) : NO_BYTES;
    case "enumeration":
      return variantNamed(shape.enumeration.variants, 0) ?? "unknown(0)";
    case "message":
      return emptyMessage(shape.message());
    case "list":
      if (shape.set) return new Set();
      return Array.from({ length: shape.length ?? 0 }, () => emptyValue(shape.item));
    case "map":
      return new Map();
    case "time":
      return emptyTime(shape.type);
  }
}

function emptyMessage(shape: MessageShape): MessageValue {
  const value = (shape.tuple ? [] : {}) as Record<string, unknown>;
  for (const member of shape.members) {
    const isMade = member.kind === "field" && member.presence === "implicit";
    value[member.name] = isMade ? emptyValue(member.type) : undefined;
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
      return Object.is(value, 0) || value === 0n;
    case "string":
      return value === "";
    case "bytes":
      return isEmptyBytes(value, shape.length);
    case "enumeration":
      return value === "unknown(0)" || shape.enumeration.variants.get(value as string) === 0;
    case "message":
      return isEmptyMessage(shape.message(), value as MessageValue);
    case "list":
      return isEmptyList(shape, value);
    case "map":
      return (value as ReadonlyMap<unknown, unknown>).size === 0;
    case "time":
      return isEmptyTime(shape.type, value);
  }
}

function isEmptyBytes(value: unknown, length = 0): boolean {
  return isBytes(value) && lengthOf(value) === length && isZero(plainBytes(value));
}

function isEmptyList({ item, length, set }: ListShape, value: unknown): boolean {
  if (set) return (value as ReadonlySet<unknown>).size === 0;
  const items = value as readonly unknown[];
  return items.length === (length ?? 0) && items.every((one) => isEmpty(item, one));
}

function isEmptyMessage(shape: MessageShape, value: MessageValue): boolean {
  return shape.members.every((member) => {
    const found = ownMember(value, member.name);
    if (member.kind === "oneof" || member.presence === "optional") return found === undefined;
    return isEmpty(member.type, found);
  });
}
