/**
 * Values as JSON, for golden files, reports and programs in other languages: bytes are
 * `{ "hex": … }`, bigints decimal strings, maps arrays of [key, value] in canonical key order, oneofs
 * `{ case, value }` or null, floats that JSON lacks the strings "NaN", "Infinity", "-Infinity" and
 * "-0". The form follows from the shape alone.
 */
import { EncodeError } from "./errors.ts";
import type { MessageValue } from "./format.ts";
import type { Limits } from "./limits.ts";
import { emptyValue } from "./schema/empty.ts";
import { unknownNumber } from "./schema/enumeration.ts";
import { keyOrderOf, sortEntries } from "./schema/key-order.ts";
import type { FieldShape, MapShape, MessageShape, OneofShape, Shape } from "./schema/shape.ts";

export type JsonObject = Record<string, unknown>;

export function messageToJson(shape: MessageShape, value: MessageValue): JsonObject {
  const json: JsonObject = {};
  for (const member of shape.members) {
    const found = value[member.name];
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
      return (value as readonly unknown[]).map((item) => toJson(shape.item, item));
    case "float":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : floatName(value as number);
    case "map":
      return sortEntries(value, keyOrderOf(shape), NO_LIMITS).map(([key, of]) => [
        toJson(shape.key, key),
        toJson(shape.value, of),
      ]);
    default:
      return value;
  }
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
  if (!isObject(json)) throw wrong("an object", json, path);
  if (path.length > PATH_MAX) throw wrong("less depth", json, path.slice(0, 20));
  const known = new Set(shape.members.map(({ name }) => name));
  for (const key of Object.keys(json)) {
    if (!known.has(key)) throw wrong(`no member "${key}"`, json[key], path);
  }
  const value: Record<string, unknown> = {};
  for (const member of shape.members) {
    const found = json[member.name];
    const at = [...path, member.name];
    if (member.kind === "oneof") value[member.name] = oneofFromJson(member, found, at);
    else value[member.name] = memberFromJson(member, found, at);
    if (value[member.name] === undefined) delete value[member.name];
  }
  return value;
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
      return floatFromJson(json, path);
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
      return array(json, path).map((item, place) =>
        fromJson(shape.item, item, [...path, `[${place}]`]),
      );
    case "map":
      return mapFromJson(shape, array(json, path), path);
  }
}

function mapFromJson(
  shape: MapShape,
  pairs: readonly unknown[],
  path: readonly string[],
): Map<unknown, unknown> {
  const { identity } = keyOrderOf(shape);
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
