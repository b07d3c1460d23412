/**
 * Values as JSON, for golden files, reports and programs in other languages: bytes are
 * `{ "hex": … }`, bigints decimal strings, maps arrays of [key, value], oneofs `{ case, value }`
 * or null. The form follows from the shape alone.
 */
import { EncodeError } from "./errors.ts";
import type { MessageValue } from "./format.ts";
import { emptyValue } from "./schema/empty.ts";
import { unknownNumber } from "./schema/enumeration.ts";
import type { FieldShape, MessageShape, OneofShape, Shape } from "./schema/shape.ts";

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
    case "map":
      return [...(value as ReadonlyMap<unknown, unknown>)].map(([key, of]) => [
        toJson(shape.key, key),
        toJson(shape.value, of),
      ]);
    default:
      return value;
  }
}

/** Throws `EncodeError` naming the place; an implicit member left out counts as empty. */
export function messageFromJson(
  shape: MessageShape,
  json: unknown,
  path: readonly string[] = [shape.name],
): MessageValue {
  if (!isObject(json)) throw wrong("an object", json, path);
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
      return expect(typeof json === "number", "a number", json, path);
    case "string":
      return expect(typeof json === "string", "text", json, path);
    case "bytes":
      return bytesFromJson(json, path);
    case "enumeration": {
      const known =
        typeof json === "string" &&
        (shape.enumeration.variants.has(json) || unknownNumber(json) !== undefined);
      return expect(known, `a variant of ${shape.enumeration.name}`, json, path);
    }
    case "message":
      return messageFromJson(shape.message(), json, path);
    case "list":
      return array(json, path).map((item, place) =>
        fromJson(shape.item, item, [...path, `[${place}]`]),
      );
    case "map":
      return new Map(
        array(json, path).map((pair, place) => pairFromJson(shape, pair, [...path, `[${place}]`])),
      );
  }
}

function pairFromJson(
  shape: Extract<Shape, { kind: "map" }>,
  pair: unknown,
  path: readonly string[],
): [unknown, unknown] {
  const [key, value] = array(pair, path);
  return [fromJson(shape.key, key, path), fromJson(shape.value, value, path)];
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
  const found = JSON.stringify(json)?.slice(0, 60) ?? "nothing";
  return new EncodeError("InvalidValue", `Cannot take ${found}: ${needed} is needed`, path);
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
