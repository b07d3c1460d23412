/**
 * Values as JSON, for golden files, reports and programs in other languages: bytes are
 * `{ "hex": … }`, bigints decimal strings, maps arrays of [key, value] in canonical key order, oneofs
 * `{ case, value }` or null, sets arrays in canonical order, tuples arrays, times objects, floats that JSON lacks the strings "NaN", "Infinity", "-Infinity" and
 * "-0". The form follows from the shape alone.
 */
import { EncodeError } from "./errors.ts";
import type { MessageValue } from "./format.ts";
import type { Limits } from "./limits.ts";
import { emptyValue } from "./schema/empty.ts";
import { unknownNumber } from "./schema/enumeration.ts";
import { keyOrderOf, sortEntries, sortItems } from "./schema/key-order.ts";
import { ownMember } from "./schema/own.ts";
import type {
  FieldShape,
  ListShape,
  MapShape,
  MessageShape,
  OneofShape,
  Shape,
} from "./schema/shape.ts";
import { type NamedPart, timeParts } from "./schema/time.ts";

export type JsonObject = Record<string, unknown>;

export function messageToJson(shape: MessageShape, value: MessageValue): JsonObject {
  const json = (shape.tuple ? [] : {}) as JsonObject;
  for (const member of shape.members) {
    const found = ownMember(value, member.name);
    if (member.kind === "oneof") json[member.name] = oneofToJson(member, found);
    else if (found !== undefined) json[member.name] = toJson(member.type, found);
  }
  return json;
}

function oneofToJson(oneof: OneofShape, value: unknown): unknown {
  if (value === undefined) return null;
  const chosen = value as { readonly case: string; readonly value: unknown };
  const variant = oneof.variants.find(({ name }) => name === chosen.case);
  return variant ? { case: chosen.case, value: toJson(variant.type, chosen.value) } : null;
}

function toJson(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case "bytes":
      return { hex: toHex(value as Uint8Array) };
    case "integer":
      return typeof value === "bigint" ? value.toString() : value;
    case "message":
      return messageToJson(shape.message(), value as MessageValue);
    case "list":
      return listToJson(shape, value);
    case "time":
      return timeToJson(timeParts(shape.type), value);
    case "float":
      if (typeof value === "bigint") return value.toString();
      return Number.isFinite(value) && !Object.is(value, -0) ? value : floatName(value as number);
    case "map":
      return sortEntries(value, keyOrderOf(shape.key), NO_LIMITS).map(([key, of]) => [
        toJson(shape.key, key),
        toJson(shape.value, of),
      ]);
    default:
      return value;
  }
}

function listToJson({ item, set }: ListShape, value: unknown): unknown[] {
  const items = set
    ? sortItems(value as ReadonlySet<unknown>, keyOrderOf(item))
    : (value as readonly unknown[]);
  return items.map((one) => toJson(item, one));
}

export function timeToJson(parts: readonly NamedPart[], value: unknown): JsonObject {
  const found = value as JsonObject;
  return Object.fromEntries(
    parts.flatMap(([name, part]) => {
      const one = found[name];
      if (one === undefined) return [];
      if (typeof one === "bigint") return [[name, one.toString()]];
      if (part === "number" || part === "text" || part === "bigint") return [[name, one]];
      return [[name, timeToJson(typeof part === "string" ? timeParts(part) : part, one)]];
    }),
  );
}

const NO_LIMITS: Limits = { depthMax: Infinity, lengthMax: Infinity, countMax: Infinity };

function floatName(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Deeper than any limit of a decoder, and far from the end of the stack. */
const PATH_MAX = 2000;

/** Throws `EncodeError` naming the place; an implicit member left out counts as empty. */
export function messageFromJson(
  shape: MessageShape,
  json: unknown,
  path: readonly string[] = [shape.name],
): MessageValue {
  if (shape.tuple) return tupleFromJson(shape, json, path);
  if (!isObject(json)) throw wrong("an object", json, path);
  if (path.length > PATH_MAX) throw wrong("less depth", json, path.slice(0, 20));
  const known = new Set(shape.members.map(({ name }) => name));
  for (const key of Object.keys(json)) {
    if (!known.has(key)) throw wrong(`no member "${key}"`, json[key], path);
  }
  const value: Record<string, unknown> = {};
  for (const member of shape.members) {
    const found = ownMember(json, member.name);
    const at = [...path, member.name];
    if (member.kind === "oneof") value[member.name] = oneofFromJson(member, found, at);
    else value[member.name] = memberFromJson(member, found, at);
    if (value[member.name] === undefined) delete value[member.name];
  }
  return value;
}

function tupleFromJson(shape: MessageShape, json: unknown, path: readonly string[]): MessageValue {
  const items = array(json, path);
  if (path.length > PATH_MAX) throw wrong("less depth", json, path.slice(0, 20));
  if (items.length !== shape.members.length) {
    throw wrong(`an array of ${shape.members.length}`, json, path);
  }
  return shape.members.map((member, at) =>
    memberFromJson(member as FieldShape, items[at] ?? undefined, [...path, member.name]),
  ) as unknown as MessageValue;
}

function memberFromJson(member: FieldShape, json: unknown, path: readonly string[]): unknown {
  if (json !== undefined) return fromJson(member.type, json, path);
  return member.presence === "implicit" ? emptyValue(member.type) : undefined;
}

function oneofFromJson(oneof: OneofShape, json: unknown, path: readonly string[]): unknown {
  if (json === null || json === undefined) return undefined;
  const variant = isObject(json) && oneof.variants.find(({ name }) => name === json.case);
  if (!variant)
    throw wrong(`one of ${oneof.variants.map(({ name }) => name).join(", ")}`, json, path);
  const value = fromJson(variant.type, (json as JsonObject).value, [...path, variant.name]);
  return { case: variant.name, value };
}

function fromJson(shape: Shape, json: unknown, path: readonly string[]): unknown {
  switch (shape.kind) {
    case "bool":
      return expect(typeof json === "boolean", "true or false", json, path);
    case "integer":
      return shape.as === "bigint"
        ? bigintFromJson(json, path)
        : expect(Number.isSafeInteger(json), "an integer", json, path);
    case "float":
      if (shape.as !== "pattern") return floatFromJson(json, path);
      return shape.bits === 64
        ? bigintFromJson(json, path)
        : expect(Number.isSafeInteger(json), "an integer", json, path);
    case "string":
      return expect(typeof json === "string", "text", json, path);
    case "bytes":
      return bytesFromJson(json, path);
    case "enumeration": {
      const known =
        typeof json === "string" &&
        (shape.enumeration.variants.has(json) ||
          (shape.enumeration.open && unknownNumber(json) !== undefined));
      return expect(known, `a variant of ${shape.enumeration.name}`, json, path);
    }
    case "message":
      return messageFromJson(shape.message(), json, path);
    case "list":
      return listFromJson(shape, json, path);
    case "time":
      return timeFromJson(timeParts(shape.type), json, path);
    case "map":
      return mapFromJson(shape, array(json, path), path);
  }
}

function listFromJson(
  { item, length, set }: ListShape,
  json: unknown,
  path: readonly string[],
): unknown {
  const items = array(json, path).map((one, at) => fromJson(item, one, [...path, `[${at}]`]));
  if (length !== undefined && items.length !== length) throw wrong(`${length} items`, json, path);
  return set ? new Set(items) : items;
}

function timeFromJson(
  parts: readonly NamedPart[],
  json: unknown,
  path: readonly string[],
): JsonObject {
  if (!isObject(json)) throw wrong("an object", json, path);
  const value: JsonObject = {};
  for (const [name, part] of parts) {
    const one = json[name];
    const at = [...path, name];
    if (part === "text" && one === undefined) continue;
    if (part === "number") value[name] = expect(Number.isSafeInteger(one), "an integer", one, at);
    else if (part === "bigint") value[name] = bigintFromJson(one, at);
    else if (part === "text") value[name] = expect(typeof one === "string", "text", one, at);
    else value[name] = timeFromJson(typeof part === "string" ? timeParts(part) : part, one, at);
  }
  return value;
}

function mapFromJson(
  shape: MapShape,
  pairs: readonly unknown[],
  path: readonly string[],
): Map<unknown, unknown> {
  const { identity } = keyOrderOf(shape.key);
  const seen = new Set<unknown>();
  const entries = pairs.map((pair, place) => {
    const at = [...path, `[${place}]`];
    const parts = array(pair, at);
    if (parts.length !== 2) throw wrong("[key, value]", pair, at);
    const key = fromJson(shape.key, parts[0], at);
    if (seen.has(identity(key))) throw wrong("each key once", parts[0], at);
    seen.add(identity(key));
    return [key, fromJson(shape.value, parts[1], at)] as const;
  });
  return new Map(entries);
}

function floatFromJson(json: unknown, path: readonly string[]): number {
  if (typeof json === "number") return json;
  const isName = ["NaN", "Infinity", "-Infinity", "-0"].includes(json as string);
  if (!isName) throw wrong("a number", json, path);
  return Number(json);
}

function bigintFromJson(json: unknown, path: readonly string[]): bigint {
  if (typeof json !== "string" || !/^-?\d{1,20}$/.test(json))
    throw wrong("a decimal string", json, path);
  return BigInt(json);
}

function bytesFromJson(json: unknown, path: readonly string[]): Uint8Array {
  const hex = isObject(json) ? json.hex : undefined;
  if (typeof hex !== "string" || hex.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(hex)) {
    throw wrong('{ "hex": … }', json, path);
  }
  return fromHex(hex);
}

function array(json: unknown, path: readonly string[]): readonly unknown[] {
  if (!Array.isArray(json)) throw wrong("an array", json, path);
  return json;
}

function expect(claim: boolean, needed: string, json: unknown, path: readonly string[]): unknown {
  if (!claim) throw wrong(needed, json, path);
  return json;
}

function wrong(needed: string, json: unknown, path: readonly string[]): EncodeError {
  const isPlain = json === null || ["string", "number", "boolean"].includes(typeof json);
  const found = isPlain ? JSON.stringify(json).slice(0, 60) : nameOf(json);
  return new EncodeError("InvalidValue", `Cannot take ${found}: ${needed} is needed`, path);
}

function nameOf(json: unknown): string {
  if (json === undefined) return "nothing";
  if (Array.isArray(json)) return "an array";
  return typeof json === "object" ? "an object" : `a ${typeof json}`;
}

function isObject(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

/** Hex digits, an even number of them. */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
