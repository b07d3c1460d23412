/**
 * Varints as straight-line code. `b` is the buffer, `p` the position, `y` and `z` are scratch variables
 * of the function. Bijective base 128: a number of n bytes is written after subtracting the smallest
 * one of that length, and a byte's top bit is part of its digit when read (§2 of the specification).
 */

/**
 * Leaves the function for the interpreter, which finds out what is wrong. The tab tells it from what
 * stands in a name, where a tab is quoted: this text is replaced where a body stands in another function.
 */
export const GIVE_UP = "return\t-1;";

/** Writes `y`, a whole number from 0 to 2^32 - 1. */
export function writeUint32(y = "y"): string {
  return `if (${y} < 128) { b[p] = ${y}; p = p + 1 | 0; }
else if (${y} < 16512) { ${y} -= 128; b[p] = ${y} | 128; b[p + 1] = ${y} >>> 7; p = p + 2 | 0; }
else if (${y} < 2113664) { ${y} -= 16512; b[p] = ${y} | 128; b[p + 1] = ${y} >>> 7 | 128; b[p + 2] = ${y} >>> 14; p = p + 3 | 0; }
else if (${y} < 270549120) { ${y} -= 2113664; b[p] = ${y} | 128; b[p + 1] = ${y} >>> 7 | 128; b[p + 2] = ${y} >>> 14 | 128; b[p + 3] = ${y} >>> 21; p = p + 4 | 0; }
else { ${y} -= 270549120; b[p] = ${y} | 128; b[p + 1] = ${y} >>> 7 | 128; b[p + 2] = ${y} >>> 14 | 128; b[p + 3] = ${y} >>> 21 | 128; b[p + 4] = ${y} >>> 28; p = p + 5 | 0; }`;
}

/** Writes a `number` of an unsigned type, after checking that it is one. */
export function writeUnsigned(x: string, bits: 8 | 16 | 32 | 64): string {
  const max = bits < 32 ? ` || y > ${2 ** bits - 1}` : "";
  const small = `y = ${x} | 0;
if (y === ${x}) {
if (y < 0${max}) ${GIVE_UP}
${writeUint32()}
}`;
  if (bits < 32) return `${small} else ${GIVE_UP}`;
  const limit = bits === 32 ? "4294967295" : "9007199254740991";
  return `${small} else if (${x} > 2147483647 && ${x} <= ${limit} && Math.floor(${x}) === ${x}) {
${bits === 32 ? writeFive(x) : writeSixAtMost(x)}
} else ${GIVE_UP}`;
}

function writeFive(x: string): string {
  return `z = ${x} - 270549120; y = (z / 268435456) | 0; z -= y * 268435456;
b[p] = z | 128; b[p + 1] = z >>> 7 | 128; b[p + 2] = z >>> 14 | 128; b[p + 3] = z >>> 21 | 128; b[p + 4] = y; p = p + 5 | 0;`;
}

/** Above 28 bits the number is split once into two halves that fit 32 bits. */
function writeSixAtMost(x: string): string {
  return `if (${x} < 34630287488) {
${writeFive(x)}
} else if (${x} < 4432676798592) {
z = ${x} - 34630287488; y = (z / 268435456) | 0; z -= y * 268435456;
b[p] = z | 128; b[p + 1] = z >>> 7 | 128; b[p + 2] = z >>> 14 | 128; b[p + 3] = z >>> 21 | 128; b[p + 4] = y | 128; b[p + 5] = y >>> 7; p = p + 6 | 0;
} else if (${x} < 567382630219904) {
z = ${x} - 4432676798592; y = (z / 268435456) | 0; z -= y * 268435456;
b[p] = z | 128; b[p + 1] = z >>> 7 | 128; b[p + 2] = z >>> 14 | 128; b[p + 3] = z >>> 21 | 128; b[p + 4] = y | 128; b[p + 5] = y >>> 7 | 128; b[p + 6] = y >>> 14; p = p + 7 | 0;
} else {
z = ${x} - 567382630219904; y = (z / 268435456) | 0; z -= y * 268435456;
b[p] = z | 128; b[p + 1] = z >>> 7 | 128; b[p + 2] = z >>> 14 | 128; b[p + 3] = z >>> 21 | 128; b[p + 4] = y | 128; b[p + 5] = y >>> 7 | 128; b[p + 6] = y >>> 14 | 128; b[p + 7] = y >>> 21; p = p + 8 | 0;
}`;
}

/** Zigzag of a `number`; what does not fit 31 bits goes through a helper that checks. */
export function writeSigned(x: string, bits: 8 | 16 | 32 | 64): string {
  const half = 2 ** (Math.min(bits, 31) - 1);
  const large =
    bits < 32 ? GIVE_UP : `{ p = H_zigzag(b, p, ${x}, ${bits}) | 0; if (p < 0) ${GIVE_UP} }`;
  return `y = ${x} | 0;
if (y === ${x} && y >= ${-half} && y <= ${half - 1}) {
y = y << 1 ^ y >> 31;
${writeUint32()}
} else ${large}`;
}

/** Writes a key; most are one byte, which the caller may know. */
export function writeKey(key: string, largest: number): string {
  return largest < 128
    ? `{ b[p] = ${key}; p = p + 1 | 0; }`
    : `y = ${key}; p = H_varint(b, p, y) | 0;`;
}

/** Reads a varint of at most 2^53 - 1 into `x`. */
export function readNumber(x: string, bits: 8 | 16 | 32 | 64): string {
  const tail =
    bits === 64
      ? `y = b[p]; p = p + 1 | 0;
if (y > 127) { z = b[p]; p = p + 1 | 0; y += z << 7; if (z > 127) { z = b[p]; p = p + 1 | 0; y += z << 14; if (z > 127) { z = b[p]; p = p + 1 | 0; y += z << 21; if (z > 127) ${FAIL} } } }
${x} += y * 268435456;
if (${x} > 9007199254740991) ${FAIL}`
      : `y = b[p]; p = p + 1 | 0; if (y > 127) ${FAIL} ${x} += y * 268435456;${bits === 32 ? ` if (${x} > 4294967295) ${FAIL}` : ""}`;
  const range = bits < 32 ? `\nif (${x} > ${2 ** bits - 1}) ${FAIL}` : "";
  return `${x} = b[p]; p = p + 1 | 0;
if (${x} > 127) { y = b[p]; p = p + 1 | 0; ${x} += y << 7; if (y > 127) { y = b[p]; p = p + 1 | 0; ${x} += y << 14; if (y > 127) { y = b[p]; p = p + 1 | 0; ${x} += y << 21; if (y > 127) {
${tail}
} } } }${range}`;
}

export const FAIL = "return undefined;";

/** Reads a length into `n`, checked against the end of the region. */
export function readLength(n: string, end: string): string {
  return `${n} = b[p]; p = p + 1 | 0;
if (${n} > 127) { y = b[p]; p = p + 1 | 0; ${n} += y << 7; if (y > 127) { y = b[p]; p = p + 1 | 0; ${n} += y << 14; if (y > 127) { y = b[p]; p = p + 1 | 0; if (y > 127) ${FAIL} ${n} += y << 21; } } }
if (!(${n} <= ${end} - p)) ${FAIL}`;
}

/** Reads the next key into `k`, relative to what the tag before it adds. */
export function readKey(k: string, plus: string): string {
  return `${k} = b[p]; p = p + 1 | 0;
if (${k} > 127) { y = b[p]; p = p + 1 | 0; ${k} += y << 7; if (y > 127) { y = b[p]; p = p + 1 | 0; if (y > 127) ${FAIL} ${k} += y << 14; } }${plus === "0" ? "" : `\n${k} += ${plus};`}`;
}
