/** Small questions of the encoder: is it there, is it of the right type, is it in order. */
import { isPresent, refusal } from "../../generation/presence-code.ts";
import type { Shape } from "../../schema/shape.ts";
import { GIVE_UP, writeSigned, writeUnsigned } from "./varint-code.ts";

/** What is remembered of a key, and the test that it is larger than the last one. */
export function orderCode(
  type: Shape,
  { key, last, at }: { readonly key: string; readonly last: string; readonly at: string },
): readonly [mark: string, isOrdered: (order: () => string) => string] {
  // The bytes of texts have the order asked for; JavaScript's own order is another.
  // They differ between texts of which neither is ASCII, and ASCII takes a byte a character.
  if (type.kind === "string") {
    return [at, () => `p - ${at} === ${key}.length + 1 || H_less(b, ${last}, ${at})`];
  }
  if (type.kind === "enumeration") {
    return [key, (order) => `${order()}.compare(${last}, ${key}) < 0`];
  }
  return [key, () => `${last} < ${key}`];
}

/** Above this a call is faster than a loop. */
const SHORT_MAX = 24;

/** Short ASCII byte by byte; the rest, and what turns out not to be ASCII, by a call. */
export function textCode(x: string, room: number): string {
  return `if (typeof ${x} !== "string") ${GIVE_UP}
n = ${x}.length | 0; z = 128;
if (n <= ${SHORT_MAX} && p + ${SHORT_MAX + 1 + room} <= e) {
z = 0; y = p + 1 | 0;
for (let i = 0; i < n; i++) { const c = ${x}.charCodeAt(i); b[y] = c; z |= c; y = y + 1 | 0; }
}
if (z < 128) { b[p] = n; p = y; } else { p = H_text(b, p, ${x}, ${room}) | 0; if (p < 0) ${GIVE_UP} }`;
}

export function encodeVarint(type: Extract<Shape, { kind: "integer" }>, x: string): string {
  if (type.as === "bigint") {
    return `p = H_big(b, p, ${x}, ${type.signed}, ${type.bits}) | 0; if (p < 0) ${GIVE_UP}`;
  }
  return type.signed ? writeSigned(x, type.bits) : writeUnsigned(x, type.bits);
}

/** False for what a plain field leaves out. What is neither present nor empty is refused by `refusalOf`. */
export function isSet(type: Shape, x: string): string {
  if (type.kind === "float" && type.as === "pattern") {
    return `${x} !== ${type.bits === 64 ? "0n" : "0"} && ${x} !== undefined`;
  }
  if (type.kind === "list" && type.length !== undefined) return `${x} !== undefined`;
  if (type.kind !== "bytes" || type.length === undefined) return isPresent(type, x);
  return `${x} !== undefined && !H.isEmptyBytes(${x}, ${type.length})`;
}

/** Values that look absent but are of a wrong type; undefined where `isSet` lets them in. */
export function refusalOf(type: Shape, x: string): string | undefined {
  return type.kind === "bytes" && type.length !== undefined ? undefined : refusal(type, x);
}
