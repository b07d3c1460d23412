/** What a member is when nothing was written for it. */
import { emptyTime, type TimeType, timeParts, timeToJson } from "../../codecs/index.ts";
import type { FieldDescription, MessageDescription, TypeDescription } from "../codec-host.ts";
import type { SchemaView } from "../schema-view.ts";

export type ValueObject = Readonly<Record<string, unknown>>;

/** The empty value of a type; `unknown(0)` for an enumeration that has no variant of number 0. */
export function emptyOf(type: TypeDescription, view: SchemaView): unknown {
  switch (type.kind) {
    case "bool":
      return false;
    case "integer":
      return type.as === "bigint" ? "0" : 0;
    case "float":
      return type.as === "pattern" && type.bits === 64 ? "0" : 0;
    case "string":
      return "";
    case "bytes":
      return { hex: "00".repeat(type.length ?? 0) };
    case "enumeration":
      return (
        view.enumeration(type.name)?.variants.find(({ number }) => number === 0)?.name ??
        "unknown(0)"
      );
    case "message":
      return emptyMessage(view.message(type.name), view);
    case "list":
      return Array.from({ length: type.length ?? 0 }, () => emptyOf(type.item, view));
    case "map":
      return [];
    case "tuple":
      return type.items.map((item) => emptyOf(item, view));
    case "range":
      return { start: emptyOf(type.of, view), end: emptyOf(type.of, view) };
    case "time":
      return timeToJson(timeParts(type.type as TimeType), emptyTime(type.type as TimeType));
  }
}

/** An object with every implicit field empty and every oneof null. */
export function emptyMessage(
  message: MessageDescription | undefined,
  view: SchemaView,
): ValueObject {
  const value: Record<string, unknown> = {};
  for (const member of message?.members ?? []) {
    if (member.kind === "oneof") value[member.name] = null;
    else if (member.presence === "implicit") value[member.name] = emptyOf(member.type, view);
  }
  return value;
}

/** True for an absent value, and for the empty one of an implicit field. */
export function isEmpty(value: unknown, field: FieldDescription, view: SchemaView): boolean {
  if (value === undefined) return true;
  if (field.presence === "optional") return false;
  return isEmptyValue(value, field.type, view);
}

export function isEmptyValue(value: unknown, type: TypeDescription, view: SchemaView): boolean {
  if (type.kind !== "message") return isSame(value, emptyOf(type, view));
  return isEmptyMessage(value, view.message(type.name), view);
}

function isEmptyMessage(
  value: unknown,
  message: MessageDescription | undefined,
  view: SchemaView,
): boolean {
  if (!isObject(value)) return false;
  return (message?.members ?? []).every((member) =>
    member.kind === "oneof"
      ? (value[member.name] ?? null) === null
      : isEmpty(value[member.name], member, view),
  );
}

/** For members whose type is not known: nothing that could carry information. */
export function looksEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (value === 0 || value === "" || value === "0") return true;
  return typeof value === "object" && Object.values(value).every(looksEmpty);
}

export function isObject(value: unknown): value is ValueObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Same JSON value; the order of members does not matter. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => isSame((a as ValueObject)[key], (b as ValueObject)[key]));
}
