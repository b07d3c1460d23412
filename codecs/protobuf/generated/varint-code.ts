/**
 * Varints of protobuf as straight-line code: seven bits a byte, lowest first. `b` is the buffer, `p` the
 * position, `y` and `z` are scratch variables of the function.
 */
import { FAIL, GIVE_UP } from "../../generation/source.ts";

type Bits = 8 | 16 | 32 | 64;

/** Writes `y`, a whole number from 0 to 2^32 - 1. */
export const WRITE_UINT32 = `if (y < 128) b[p++] = y;
else if (y < 16384) { b[p] = y | 128; b[p + 1] = y >>> 7; p += 2; }
else if (y < 2097152) { b[p] = y | 128; b[p + 1] = y >>> 7 | 128; b[p + 2] = y >>> 14; p += 3; }
else if (y < 268435456) { b[p] = y | 128; b[p + 1] = y >>> 7 | 128; b[p + 2] = y >>> 14 | 128; b[p + 3] = y >>> 21; p += 4; }
else { b[p] = y | 128; b[p + 1] = y >>> 7 | 128; b[p + 2] = y >>> 14 | 128; b[p + 3] = y >>> 21 | 128; b[p + 4] = y >>> 28; p += 5; }`;

/** Above 28 bits a number is split once into two halves that fit 32 bits; `y` holds the upper one. */
const WRITE_UPPER = `if (y < 128) { b[p + 4] = y; p += 5; }
else if (y < 16384) { b[p + 4] = y | 128; b[p + 5] = y >>> 7; p += 6; }
else if (y < 2097152) { b[p + 4] = y | 128; b[p + 5] = y >>> 7 | 128; b[p + 6] = y >>> 14; p += 7; }
else { b[p + 4] = y | 128; b[p + 5] = y >>> 7 | 128; b[p + 6] = y >>> 14 | 128; b[p + 7] = y >>> 21; p += 8; }`;

/** Writes a `number` of an unsigned type, after checking that it is one. */
export function writeUnsigned(x: string, bits: Bits): string {
  const small = `y = ${x} | 0;
if (y === ${x}) {
if (y < 0${bits < 32 ? ` || y > ${2 ** bits - 1}` : ""}) ${GIVE_UP}
${WRITE_UINT32}
}`;
  if (bits < 32) return `${small} else ${GIVE_UP}`;
  const max = bits === 32 ? 4294967295 : Number.MAX_SAFE_INTEGER;
  return `${small} else if (${x} > 2147483647 && ${x} <= ${max} && Math.floor(${x}) === ${x}) {
y = (${x} / 268435456) | 0; z = ${x} - y * 268435456;
b[p] = z | 128; b[p + 1] = z >>> 7 | 128; b[p + 2] = z >>> 14 | 128; b[p + 3] = z >>> 21 | 128;
${bits === 32 ? "b[p + 4] = y; p += 5;" : WRITE_UPPER}
} else ${GIVE_UP}`;
}

/** Zigzag of a `number`; what does not fit 32 bits goes through a helper that checks. */
export function writeSigned(x: string, bits: Bits): string {
  const half = 2 ** (Math.min(bits, 32) - 1);
  const range = bits < 32 ? ` && y >= ${-half} && y < ${half}` : "";
  const large = bits === 64 ? `{ p = H_zigzag(b, p, ${x}); if (p < 0) ${GIVE_UP} }` : GIVE_UP;
  return `y = ${x} | 0;
if (y === ${x}${range}) {
y = (y << 1 ^ y >> 31) >>> 0;
${WRITE_UINT32}
} else ${large}`;
}

/** Writes a number known now: keys, mostly. */
export function writeConstant(value: number): string {
  const bytes: string[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push(`b[p++] = ${(rest & 127) | 128};`);
  return [...bytes, `b[p++] = ${rest};`].join(" ");
}

/** Reads a varint of at most 2^53 - 1 into `x`; also one with more bytes than it needs, up to eight. */
export function readNumber(x: string, bits: Bits | 31): string {
  const upper =
    bits === 64
      ? `y = b[p++]; z = y & 127;
if (y > 127) { y = b[p++]; z |= (y & 127) << 7; if (y > 127) { y = b[p++]; z |= (y & 127) << 14; if (y > 127) { y = b[p++]; if (y > 127) ${FAIL} z |= y << 21; } } }
${x} += z * 268435456;`
      : `y = b[p++]; if (y > 127) ${FAIL} ${x} += y * 268435456;`;
  const max = bits === 64 ? Number.MAX_SAFE_INTEGER : 2 ** bits - 1;
  const check = `if (${x} > ${max}) ${FAIL}`;
  // With fewer bits any varint may be too large, with more only one of five bytes and beyond.
  const isEarly = bits < 31;
  return `${x} = b[p++];
if (${x} > 127) { y = b[p++]; ${x} = ${x} & 127 | (y & 127) << 7; if (y > 127) { y = b[p++]; ${x} |= (y & 127) << 14; if (y > 127) { y = b[p++]; ${x} |= (y & 127) << 21; if (y > 127) {
${upper}${isEarly ? "" : `\n${check}`}
} } } }${isEarly ? `\n${check}` : ""}`;
}

/** Reads up to 28 bits into `x`: keys and lengths, which nothing usual has larger. */
export function readShort(x: string): string {
  return `${x} = b[p++];
if (${x} > 127) { y = b[p++]; ${x} = ${x} & 127 | (y & 127) << 7; if (y > 127) { y = b[p++]; ${x} |= (y & 127) << 14; if (y > 127) { y = b[p++]; if (y > 127) ${FAIL} ${x} |= y << 21; } } }`;
}

/** Reads a length into `n`, checked against the end of the region. */
export function readLength(end: string): string {
  return `${readShort("n")}\nif (!(n <= ${end} - p)) ${FAIL}`;
}
