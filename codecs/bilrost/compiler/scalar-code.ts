/** Fixed integers, floats and enumerations as straight-line code. */

import type { Source } from "../../generation/source.ts";
import type { EnumerationShape, FloatShape, IntegerShape, Shape } from "../../schema/shape.ts";
import { FAIL, GIVE_UP, readNumber } from "./varint-code.ts";

export function wireTypeOf(type: Shape): 0 | 1 | 2 | 3 {
  switch (type.kind) {
    case "bool":
    case "enumeration":
      return 0;
    case "integer":
      if (type.encoding === "varint") return 0;
      return type.bits === 32 ? 2 : 3;
    case "float":
      return type.bits === 32 ? 2 : 3;
    case "bytes":
      if (!type.fixed) return 1;
      return type.length === 4 ? 2 : 3;
    default:
      return 1;
  }
}

const WRITE_32 =
  "b[p] = y; b[p + 1] = y >>> 8; b[p + 2] = y >>> 16; b[p + 3] = y >>> 24; p = p + 4 | 0;";

export function encodeFixed({ bits, signed, as }: IntegerShape, x: string): string {
  if (bits === 32) {
    const [min, max] = signed ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
    return `if (!Number.isInteger(${x}) || ${x} < ${min} || ${x} > ${max}) ${GIVE_UP}
y = ${x} | 0; ${WRITE_32}`;
  }
  if (as === "bigint") {
    return `if (typeof ${x} !== "bigint" || BigInt.as${signed ? "Int" : "Uint"}N(64, ${x}) !== ${x}) ${GIVE_UP}
${signed ? "I64" : "B64"}[0] = ${x}; ${COPY_8}`;
  }
  const min = signed ? "-9007199254740991" : "0";
  return `if (!Number.isInteger(${x}) || ${x} < ${min} || ${x} > 9007199254740991) ${GIVE_UP}
y = ${x} | 0; z = Math.floor(${x} / 4294967296); ${WRITE_32}
y = z | 0; ${WRITE_32}`;
}

const COPY_8 =
  "b[p] = U8[0]; b[p + 1] = U8[1]; b[p + 2] = U8[2]; b[p + 3] = U8[3]; b[p + 4] = U8[4]; b[p + 5] = U8[5]; b[p + 6] = U8[6]; b[p + 7] = U8[7]; p = p + 8 | 0;";
const COPY_4 = "b[p] = U8[0]; b[p + 1] = U8[1]; b[p + 2] = U8[2]; b[p + 3] = U8[3]; p = p + 4 | 0;";

/** A number does not say which NaN it is; left alone, the bits would depend on where it came from. */
export function encodeFloat({ bits, as }: FloatShape, x: string): string {
  if (as === "pattern") {
    const integer = { kind: "integer", signed: false, encoding: "fixed" } as const;
    return encodeFixed({ ...integer, bits, as: bits === 32 ? "number" : "bigint" }, x);
  }
  if (bits === 64)
    return `if (typeof ${x} !== "number") ${GIVE_UP}\nif (${x} !== ${x}) B64[0] = 0x7ff8000000000000n; else F64[0] = ${x};
${COPY_8}`;
  return `if (typeof ${x} !== "number" || !Object.is(Math.fround(${x}), ${x})) ${GIVE_UP}\nif (${x} !== ${x}) B64[0] = 0x7fc00000n; else F32[0] = ${x};
${COPY_4}`;
}

const COMPARED_MAX = 12;

/** The number of a variant, in `y`. Names are interned, so that most comparisons are of pointers. */
export function encodeEnumeration(shape: EnumerationShape, x: string, source: Source): string {
  const { variants, open } = shape;
  const other = open ? `H.undeclared(${x})` : "-1";
  if (variants.size > COMPARED_MAX) {
    const numbers = source.fresh("c");
    source.declare(`const ${numbers} = new Map(${JSON.stringify([...variants])});`);
    return `y = ${numbers}.get(${x}); if (y === undefined) y = ${other}; if (y < 0) ${GIVE_UP}`;
  }
  const known = [...variants].map(
    ([name, number]) => `${x} === ${JSON.stringify(name)} ? ${number} : `,
  );
  return `y = ${known.join("")}${other}; if (y < 0) ${GIVE_UP}`;
}

/** Into `x`, whose value may need a check that the caller adds. */
export function decodeInteger(type: IntegerShape, x: string): string {
  const { signed, bits, as, encoding } = type;
  const check = type.nonZero ? `\nif (${x} == 0) ${FAIL}` : "";
  if (encoding === "fixed") return decodeFixed(type, x) + check;
  if (as === "bigint") {
    return `${x} = H_readBig(b, p); if (${x} === undefined) ${FAIL} p = H.at() | 0;${
      bits === 64 ? "" : `\nif (${x} > ${2n ** BigInt(bits) - 1n}n) ${FAIL}`
    }${signed ? `\n${x} = ${x} & 1n ? -(${x} >> 1n) - 1n : ${x} >> 1n;` : ""}${check}`;
  }
  const number = readNumber(x, bits);
  if (!signed) return number + check;
  const small = `${x} = ${x} >>> 1 ^ -(${x} & 1);`;
  if (bits <= 32) return `${number}\n${small}${check}`;
  // A zigzag of more than 53 bits may still be a number of 53: the interpreter knows.
  return `${number}
if (${x} < 4294967296) ${small} else ${x} = ${x} % 2 === 0 ? ${x} / 2 : -(${x} + 1) / 2;${check}`;
}

const READ_32 = "b[p] | b[p + 1] << 8 | b[p + 2] << 16 | b[p + 3] << 24";

function decodeFixed({ bits, signed, as }: IntegerShape, x: string): string {
  if (bits === 32) return `${x} = ${signed ? READ_32 : `(${READ_32}) >>> 0`}; p = p + 4 | 0;`;
  if (as === "bigint") return `${LOAD_8} ${x} = ${signed ? "I64" : "B64"}[0];`;
  return `y = ${READ_32}; p = p + 4 | 0; z = ${READ_32}; p = p + 4 | 0;
${x} = z${signed ? "" : " >>> 0"}; ${x} = ${x} * 4294967296 + (y >>> 0);
if (${x} > 9007199254740991${signed ? ` || ${x} < -9007199254740991` : ""}) ${FAIL}`;
}

const LOAD_8 =
  "U8[0] = b[p]; U8[1] = b[p + 1]; U8[2] = b[p + 2]; U8[3] = b[p + 3]; U8[4] = b[p + 4]; U8[5] = b[p + 5]; U8[6] = b[p + 6]; U8[7] = b[p + 7]; p = p + 8 | 0;";
const LOAD_4 = "U8[0] = b[p]; U8[1] = b[p + 1]; U8[2] = b[p + 2]; U8[3] = b[p + 3]; p = p + 4 | 0;";

export function decodeFloat({ bits, as }: FloatShape, x: string): string {
  if (as === "pattern") {
    const integer = { kind: "integer", signed: false, encoding: "fixed" } as const;
    return decodeFixed({ ...integer, bits, as: bits === 32 ? "number" : "bigint" }, x);
  }
  return bits === 64 ? `${LOAD_8} ${x} = F64[0];` : `${LOAD_4} ${x} = F32[0];`;
}

const TABLE_MAX = 255;

/** Reads a number and puts its name into `x`. */
export function decodeEnumeration(shape: EnumerationShape, x: string, source: Source): string {
  const names = new Map<number, string>();
  for (const [name, number] of shape.variants) if (!names.has(number)) names.set(number, name);
  const table = source.fresh("c");
  const isSmall = Math.max(...names.keys()) <= TABLE_MAX;
  if (isSmall) {
    const places = Array.from({ length: Math.max(...names.keys()) + 1 }, (_, n) => names.get(n));
    source.declare(`const ${table} = ${JSON.stringify(places.map((name) => name ?? null))};`);
  } else source.declare(`const ${table} = new Map(${JSON.stringify([...names])});`);
  const otherwise = shape.open ? `${x} = \`unknown(\${${x}})\`;` : FAIL;
  const found = isSmall
    ? `${x} < ${Math.max(...names.keys()) + 1} ? ${table}[${x}] : null`
    : `${table}.get(${x}) ?? null`;
  return `${readNumber(x, 32)}
z = ${found};
if (z === null) ${otherwise} else ${x} = z;`;
}
