/**
 * Heads and scalars of MessagePack as straight-line code; numbers are big-endian. `b` is the buffer, `p` the
 * position, `y` and `z` are scratch variables of the function, `n` is a length.
 */
import { FAIL, GIVE_UP } from "../../generation/source.ts";
import type { IntegerShape } from "../../schema/shape.ts";

/** Writes `y`, a whole number from 0 to 2^32 - 1. */
export const WRITE_UINT32 = `if (y < 128) b[p++] = y;
else if (y < 256) { b[p] = 0xcc; b[p + 1] = y; p += 2; }
else if (y < 65536) { b[p] = 0xcd; b[p + 1] = y >>> 8; b[p + 2] = y; p += 3; }
else { b[p] = 0xce; b[p + 1] = y >>> 24; b[p + 2] = y >>> 16; b[p + 3] = y >>> 8; b[p + 4] = y; p += 5; }`;

const WRITE_NEGATIVE = `if (y >= -32) b[p++] = y;
else if (y >= -128) { b[p] = 0xd0; b[p + 1] = y; p += 2; }
else if (y >= -32768) { b[p] = 0xd1; b[p + 1] = y >> 8; b[p + 2] = y; p += 3; }
else { b[p] = 0xd2; b[p + 1] = y >> 24; b[p + 2] = y >> 16; b[p + 3] = y >> 8; b[p + 4] = y; p += 5; }`;

/** Writes a number or a bigint, after checking that it is one of the type. */
export function writeInteger({ as, bits, signed }: IntegerShape, x: string): string {
  if (as === "bigint") return `p = H_big(b, p, ${x}, ${signed}); if (p < 0) ${GIVE_UP}`;
  const [min, max] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const isNarrow = bits < 32 ? `if (y < ${min} || y > ${max}) ${GIVE_UP}\n` : "";
  const negative = signed ? `{ ${WRITE_NEGATIVE} }` : GIVE_UP;
  return `y = ${x} | 0;
if (y === ${x}) {
${isNarrow}if (y < 0) ${negative}
else ${WRITE_UINT32}
} else ${bits < 32 || (signed && bits === 32) ? GIVE_UP : writeWide(x, bits, signed)}`;
}

/** Beyond 32 bits with a sign. */
function writeWide(x: string, bits: number, signed: boolean): string {
  const max = bits === 32 ? 4294967295 : Number.MAX_SAFE_INTEGER;
  const positive = `if (${x} > 2147483647 && ${x} <= ${max} && Math.floor(${x}) === ${x}) {
y = (${x} / 4294967296) | 0; z = (${x} - y * 4294967296) | 0;
if (y === 0) b[p++] = 0xce;
else { b[p] = 0xcf; b[p + 1] = y >>> 24; b[p + 2] = y >>> 16; b[p + 3] = y >>> 8; b[p + 4] = y; p += 5; }
b[p] = z >>> 24; b[p + 1] = z >>> 16; b[p + 2] = z >>> 8; b[p + 3] = z; p += 4;
} else `;
  if (!signed) return `${positive}${GIVE_UP}`;
  return `${positive}if (${x} < -2147483648 && Number.isSafeInteger(${x})) p = H_big(b, p, BigInt(${x}), true);
else ${GIVE_UP}`;
}

/** The head of an array, whose length stands in `n`. */
export const WRITE_ARRAY = `if (n < 16) b[p++] = 0x90 | n;
else if (n < 65536) { b[p] = 0xdc; b[p + 1] = n >>> 8; b[p + 2] = n; p += 3; }
else { b[p] = 0xdd; b[p + 1] = n >>> 24; b[p + 2] = n >>> 16; b[p + 3] = n >>> 8; b[p + 4] = n; p += 5; }`;

/** The head of bytes, whose length stands in `n`. */
export const WRITE_BINARY = `if (n < 256) { b[p] = 0xc4; b[p + 1] = n; p += 2; }
else if (n < 65536) { b[p] = 0xc5; b[p + 1] = n >>> 8; b[p + 2] = n; p += 3; }
else { b[p] = 0xc6; b[p + 1] = n >>> 24; b[p + 2] = n >>> 16; b[p + 3] = n >>> 8; b[p + 4] = n; p += 5; }`;

/** Reads any form of an integer into `x` and checks that it is one of the type. */
export function readInteger({ as, bits, signed }: IntegerShape, x: string): string {
  if (as === "bigint") {
    return `${x} = H_readBig(b, p, ${signed}); if (${x} === undefined) ${FAIL} p = H_at();`;
  }
  const [min, max] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  // A form with a sign may also stand for a type without one; all that is read has at most 53 bits.
  const tooLarge = bits === 64 ? "" : ` || ${x} > ${max}`;
  const check = signed && bits === 64 ? "" : `\nif (${x} < ${min}${tooLarge}) ${FAIL}`;
  return `${x} = b[p++];
if (${x} > 127) {
${signed ? `if (${x} > 223) ${x} -= 256; else ` : ""}${readSized(x)}${check}
}`;
}

/** An integer with a head of its own; those with a sign, which are rarely written, go through a helper. */
function readSized(x: string): string {
  return `if (${x} === 0xcc) ${x} = b[p++];
else if (${x} === 0xcd) { ${x} = b[p] << 8 | b[p + 1]; p += 2; }
else if (${x} === 0xce) { ${x} = (b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3]) >>> 0; p += 4; }
else if (${x} === 0xcf) {
y = (b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3]) >>> 0; if (y > 2097151) ${FAIL}
${x} = y * 4294967296 + ((b[p + 4] << 24 | b[p + 5] << 16 | b[p + 6] << 8 | b[p + 7]) >>> 0); p += 8;
} else { ${x} = H_readSigned(b, p, ${x}); if (${x} === undefined) ${FAIL} p = H_at(); }`;
}

/** As an integer that is never negative. */
export function readUnsigned(x: string, max: number): string {
  return `${x} = b[p++];
if (${x} > 127) {
${readSized(x)}
if (${x} < 0 || ${x} > ${max}) ${FAIL}
}`;
}

/** The length of a text into `n`, known to be there. */
export const READ_TEXT_LENGTH = `n = b[p++];
if (n > 159 && n < 192) n &= 31;
else if (n === 0xd9) n = b[p++];
else if (n === 0xda) { n = b[p] << 8 | b[p + 1]; p += 2; }
else if (n === 0xdb) { n = (b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3]) >>> 0; p += 4; }
else ${FAIL}
if (!(n <= e - p)) ${FAIL}`;

/** The length of bytes into `n`, known to be there. */
export const READ_BINARY_LENGTH = `n = b[p++];
if (n === 0xc4) n = b[p++];
else if (n === 0xc5) { n = b[p] << 8 | b[p + 1]; p += 2; }
else if (n === 0xc6) { n = (b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3]) >>> 0; p += 4; }
else ${FAIL}
if (!(n <= e - p)) ${FAIL}`;

/** The length of an array into `n`. Each item takes a byte at least. */
export function readArrayLength(countMax: number): string {
  return `n = b[p++];
if (n > 143 && n < 160) n &= 15;
else if (n === 0xdc) { n = b[p] << 8 | b[p + 1]; p += 2; }
else if (n === 0xdd) { n = (b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3]) >>> 0; p += 4; }
else ${FAIL}
if (!(n <= e - p) || n > ${countMax}) ${FAIL}`;
}

/** The number of pairs of a map into `n`; nobody needs more than 65 535 members. */
export function readMapLength(countMax: number): string {
  return `n = b[p++];
if (n > 127 && n < 144) n &= 15;
else if (n === 0xde) { n = b[p] << 8 | b[p + 1]; p += 2; }
else ${FAIL}
if (n > ${countMax}) ${FAIL}`;
}

/** A name in its shortest form, as the bytes of a text. */
export function nameBytes(name: string): number[] {
  const letters = [...name].map((letter) => letter.charCodeAt(0)); // ASCII, see `canGenerate`.
  return letters.length < 32
    ? [0xa0 | letters.length, ...letters]
    : [0xd9, letters.length, ...letters];
}

const WRITTEN_ONE_BY_ONE_MAX = 32;

export function writeName(name: string, constantOf: (expression: string) => string): string {
  const bytes = nameBytes(name);
  if (bytes.length > WRITTEN_ONE_BY_ONE_MAX) {
    return `b.set(${constantOf(`new Uint8Array(${JSON.stringify(bytes)})`)}, p); p += ${bytes.length};`;
  }
  return `${bytes.map((byte, at) => `b[p + ${at}] = ${byte};`).join(" ")} p += ${bytes.length};`;
}

/** An expression that is true where the name stands at `p`: four bytes are compared at a time. */
export function isName(name: string): string {
  const bytes = nameBytes(name);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const some = bytes.slice(at, at + 4);
    const found = some.map((_, i) => `b[p + ${at + i}]${i === 0 ? "" : ` << ${8 * i}`}`);
    const number = some.reduce((sum, byte, i) => sum | (byte << (8 * i)), 0);
    parts.push(`(${found.join(" | ")}) === ${number}`);
  }
  return parts.join(" && ");
}
