/** MessagePack: one value, whose arrays and maps hold values. */
import type { Anatomy, Node, SizeForm } from "./anatomy.ts";

/** Heads of 8, 16 and 32 bits; the short form below them, with room for so many. */
interface Family {
  readonly counts: SizeForm["counts"];
  readonly short?: readonly [base: number, room: number];
  readonly wide: readonly (number | undefined)[];
}

const TEXT: Family = { counts: "bytes", short: [0xa0, 32], wide: [0xd9, 0xda, 0xdb] };
const BYTES: Family = { counts: "bytes", wide: [0xc4, 0xc5, 0xc6] };
const ARRAY: Family = { counts: "parts", short: [0x90, 16], wide: [undefined, 0xdc, 0xdd] };
const MAP: Family = { counts: "pairs", short: [0x80, 16], wide: [undefined, 0xde, 0xdf] };
const FAMILIES: readonly Family[] = [TEXT, BYTES, ARRAY, MAP];
/** Bytes behind the heads of numbers, and of the values without any. */
const FIXED: Readonly<Record<number, number>> = {
  192: 0,
  194: 0,
  195: 0,
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
};

const FORMS = new Map<Family, SizeForm>(
  FAMILIES.map((family) => [
    family,
    { counts: family.counts, write: (size) => headOf(family, size) },
  ]),
);

export const packAnatomy: Anatomy = {
  parse(bytes) {
    const read = parseValue(bytes, 0);
    return read === undefined ? undefined : [read[0]];
  },
  again: (node) => node,
};

function headOf({ short, wide: [one, two, four] }: Family, size: bigint): number[] {
  if (short && size < short[1]) return [short[0] + Number(size)];
  if (one !== undefined && size < 0x100n) return [one, Number(size)];
  if (size < 0x10000n) return [two as number, ...bigEndian(size, 2)];
  return [four as number, ...bigEndian(size > 0xffff_ffffn ? 0xffff_ffffn : size, 4)];
}

function bigEndian(value: bigint, count: number): number[] {
  return Array.from({ length: count }, (_, at) =>
    Number((value >> BigInt(8 * (count - 1 - at))) & 255n),
  );
}

type Parsed = readonly [node: Node, end: number] | undefined;

function parseValue(bytes: Uint8Array, at: number): Parsed {
  const first = bytes[at];
  if (first === undefined) return undefined;
  for (const family of FAMILIES) {
    const found = sizeAt(family, bytes, at);
    if (found !== undefined) return parseSized(family, bytes, ...found);
  }
  const isShort = first < 0x80 || first >= 0xe0;
  const count = isShort ? 0 : FIXED[first];
  if (count === undefined || at + 1 + count > bytes.length) return undefined;
  return [{ head: [], body: bytes.subarray(at, at + 1 + count) }, at + 1 + count];
}

function sizeAt(
  { short, wide }: Family,
  bytes: Uint8Array,
  at: number,
): [number, number] | undefined {
  const first = bytes[at] as number;
  if (short && first >= short[0] && first < short[0] + short[1]) return [first - short[0], at + 1];
  const place = wide.indexOf(first);
  if (place < 0) return undefined;
  const width = 1 << place;
  let size = 0;
  for (let i = 1; i <= width; i++) size = size * 256 + (bytes[at + i] ?? 0);
  return [size, at + 1 + width];
}

function parseSized(family: Family, bytes: Uint8Array, size: number, from: number): Parsed {
  const form = FORMS.get(family) as SizeForm;
  if (family.counts === "bytes") {
    if (from + size > bytes.length) return undefined;
    return [{ head: [], size: form, body: bytes.subarray(from, from + size) }, from + size];
  }
  const parts: Node[] = [];
  let at = from;
  for (let left = family.counts === "pairs" ? size * 2 : size; left > 0; left--) {
    const part = parseValue(bytes, at);
    if (part === undefined) return undefined;
    parts.push(part[0]);
    at = part[1];
  }
  return [{ head: [], size: form, body: parts }, at];
}
