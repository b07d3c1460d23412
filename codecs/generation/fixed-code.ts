/** Little-endian integers and floats of fixed width as straight-line code, through the scratch arrays. */
import type { IntegerShape } from "../schema/shape.ts";
import { FAIL } from "./source.ts";

/** How the code around says what all formats do. */
export interface FixedStyle {
  /** Leaves the encoder. */
  readonly giveUp: string;
  /** Moves `p` on. */
  advance(count: 4 | 8): string;
}

export interface FixedCode {
  writeFixed(type: IntegerShape, x: string): string;
  writeFloat(bits: 32 | 64, x: string): string;
  readFixed(type: IntegerShape, x: string): string;
  readFloat(bits: 32 | 64, x: string): string;
  /** Writes so many bytes of the scratch array. */
  copyOut(count: 4 | 8): string;
  /** Refuses what is no number, or would be rounded. */
  checkFloat(bits: 32 | 64, x: string): string;
}

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

export function fixedCode({ giveUp, advance }: FixedStyle): FixedCode {
  const write32 = `${WRITE_32} ${advance(4)}`;
  const copyOut = (count: 4 | 8): string =>
    `${EIGHT.slice(0, count)
      .map((i) => `${at(i)} = U8[${i}];`)
      .join(" ")} ${advance(count)}`;
  const load = (count: 4 | 8): string =>
    `${EIGHT.slice(0, count)
      .map((i) => `U8[${i}] = ${at(i)};`)
      .join(" ")} ${advance(count)}`;
  const checkFloat = (bits: 32 | 64, x: string): string =>
    bits === 64
      ? `if (typeof ${x} !== "number") ${giveUp}`
      : `if (typeof ${x} !== "number" || !Object.is(Math.fround(${x}), ${x})) ${giveUp}`;
  return {
    copyOut,
    checkFloat,
    writeFixed({ bits, signed, as }, x) {
      if (bits === 32) {
        const [min, max] = signed ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
        return `if (!Number.isInteger(${x}) || ${x} < ${min} || ${x} > ${max}) ${giveUp}
y = ${x} | 0; ${write32}`;
      }
      if (as === "bigint") {
        return `if (typeof ${x} !== "bigint" || BigInt.as${signed ? "Int" : "Uint"}N(64, ${x}) !== ${x}) ${giveUp}
${signed ? "I64" : "B64"}[0] = ${x}; ${copyOut(8)}`;
      }
      const min = signed ? "-9007199254740991" : "0";
      return `if (!Number.isInteger(${x}) || ${x} < ${min} || ${x} > 9007199254740991) ${giveUp}
y = ${x} | 0; z = Math.floor(${x} / 4294967296); ${write32}
y = z | 0; ${write32}`;
    },
    writeFloat: (bits, x) =>
      `${checkFloat(bits, x)}\nF${bits}[0] = ${x}; ${copyOut(bits === 64 ? 8 : 4)}`,
    readFixed({ bits, signed, as }, x) {
      if (bits === 32) return `${x} = ${signed ? READ_32 : `(${READ_32}) >>> 0`}; ${advance(4)}`;
      if (as === "bigint") return `${load(8)} ${x} = ${signed ? "I64" : "B64"}[0];`;
      return `y = ${READ_32}; ${advance(4)} z = ${READ_32}; ${advance(4)}
${x} = z${signed ? "" : " >>> 0"}; ${x} = ${x} * 4294967296 + (y >>> 0);
if (${x} > 9007199254740991${signed ? ` || ${x} < -9007199254740991` : ""}) ${FAIL}`;
    },
    readFloat: (bits, x) => `${load(bits === 64 ? 8 : 4)} ${x} = F${bits}[0];`,
  };
}

const WRITE_32 = "b[p] = y; b[p + 1] = y >>> 8; b[p + 2] = y >>> 16; b[p + 3] = y >>> 24;";
const READ_32 = "b[p] | b[p + 1] << 8 | b[p + 2] << 16 | b[p + 3] << 24";

function at(place: number): string {
  return place === 0 ? "b[p]" : `b[p + ${place}]`;
}
