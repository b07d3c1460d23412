/** Fixed integers, floats and enumerations as straight-line code. */

import { numberOfVariant } from "../../generation/enumeration-code.ts";
import { type FixedCode, fixedCode } from "../../generation/fixed-code.ts";
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

/** `p` stays a small integer for the engine. */
const FIXED = fixedCode({ giveUp: GIVE_UP, advance: (count) => `p = p + ${count} | 0;` });

export const encodeFixed: FixedCode["writeFixed"] = FIXED.writeFixed;

/** A number does not say which NaN it is; left alone, the bits would depend on where it came from. */
export function encodeFloat({ bits, as }: FloatShape, x: string): string {
  if (as === "pattern") return FIXED.writeFixed(patternOf(bits), x);
  const nan = bits === 64 ? "0x7ff8000000000000n" : "0x7fc00000n";
  return `${FIXED.checkFloat(bits, x)}\nif (${x} !== ${x}) B64[0] = ${nan}; else F${bits}[0] = ${x};
${FIXED.copyOut(bits === 64 ? 8 : 4)}`;
}

/** A float by its bits is an unsigned integer of fixed size. */
function patternOf(bits: 32 | 64): IntegerShape {
  const as = bits === 32 ? "number" : "bigint";
  return { kind: "integer", signed: false, bits, encoding: "fixed", as };
}

/** The number of a variant, in `y`. */
export function encodeEnumeration(shape: EnumerationShape, x: string, source: Source): string {
  return numberOfVariant(shape, x, source, GIVE_UP);
}

/** Into `x`, whose value may need a check that the caller adds. */
export function decodeInteger(type: IntegerShape, x: string): string {
  const { signed, bits, as, encoding } = type;
  const check = type.nonZero ? `\nif (${x} == 0) ${FAIL}` : "";
  if (encoding === "fixed") return FIXED.readFixed(type, x) + check;
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

export function decodeFloat({ bits, as }: FloatShape, x: string): string {
  return as === "pattern" ? FIXED.readFixed(patternOf(bits), x) : FIXED.readFloat(bits, x);
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
