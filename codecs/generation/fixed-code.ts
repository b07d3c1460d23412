/** Little-endian integers and floats of fixed width as straight-line code, through the scratch arrays. */
import type { IntegerShape } from "../schema/shape.ts";
import { FAIL, GIVE_UP } from "./source.ts";

const WRITE_32 = "b[p] = y; b[p + 1] = y >>> 8; b[p + 2] = y >>> 16; b[p + 3] = y >>> 24; p += 4;";
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];
const COPY_8 = `${EIGHT.map((i) => `b[p + ${i}] = U8[${i}];`).join(" ")} p += 8;`;
const COPY_4 = `${EIGHT.slice(0, 4)
  .map((i) => `b[p + ${i}] = U8[${i}];`)
  .join(" ")} p += 4;`;
const LOAD_8 = `${EIGHT.map((i) => `U8[${i}] = b[p + ${i}];`).join(" ")} p += 8;`;
const LOAD_4 = `${EIGHT.slice(0, 4)
  .map((i) => `U8[${i}] = b[p + ${i}];`)
  .join(" ")} p += 4;`;
const READ_32 = "b[p] | b[p + 1] << 8 | b[p + 2] << 16 | b[p + 3] << 24";

export function writeFixed({ bits, signed, as }: IntegerShape, x: string): string {
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

export function writeFloat(bits: 32 | 64, x: string): string {
  if (bits === 64) return `if (typeof ${x} !== "number") ${GIVE_UP}\nF64[0] = ${x}; ${COPY_8}`;
  return `if (typeof ${x} !== "number" || !Object.is(Math.fround(${x}), ${x})) ${GIVE_UP}\nF32[0] = ${x}; ${COPY_4}`;
}

export function readFixed({ bits, signed, as }: IntegerShape, x: string): string {
  if (bits === 32) return `${x} = ${signed ? READ_32 : `(${READ_32}) >>> 0`}; p += 4;`;
  if (as === "bigint") return `${LOAD_8} ${x} = ${signed ? "I64" : "B64"}[0];`;
  return `y = ${READ_32}; p += 4; z = ${READ_32}; p += 4;
${x} = z${signed ? "" : " >>> 0"}; ${x} = ${x} * 4294967296 + (y >>> 0);
if (${x} > 9007199254740991${signed ? ` || ${x} < -9007199254740991` : ""}) ${FAIL}`;
}

export function readFloat(bits: 32 | 64, x: string): string {
  return bits === 64 ? `${LOAD_8} ${x} = F64[0];` : `${LOAD_4} ${x} = F32[0];`;
}
