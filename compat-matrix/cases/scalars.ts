/** Sample values of scalar types, in their JSON form: what is likely, and where formats change their mind. */
import { type NamedPart, type TimeType, timeParts } from "../../codecs/index.ts";
import type { TypeDescription } from "../codec-host.ts";
import type { SchemaView } from "../schema-view.ts";
import { type Chance, chanceFor } from "./chance.ts";

/**
 * Style of a whole value. `edge`: the lengths at which variable-length integers grow; `top` and
 * `bottom`: the ends of each type's range.
 */
export type Style = "minimal" | "typical" | "top" | "bottom" | "edge";

type IntegerType = Extract<TypeDescription, { kind: "integer" }>;
type ScalarType = Exclude<TypeDescription, { kind: "list" | "map" | "tuple" | "range" | "time" }>;

/** One to four bytes of UTF-8 for a character, a control character, and a combining mark that must not be normalised. */
const TEXT_OF_ALL_WIDTHS = "a\u0000é€😀e\u0301\uffff";
const LONG = 300;
const NUMBER_MAX = Number.MAX_SAFE_INTEGER;
/** Last of one length and first of the next, in base-128 (protobuf), bijective base-128 (Bilrost) and MessagePack. */
const EDGES: readonly bigint[] = [
  127n,
  128n,
  255n,
  256n,
  16383n,
  16384n,
  16511n,
  16512n,
  65535n,
  65536n,
  2097151n,
  2113664n,
  4294967295n,
  4294967296n,
  9007199254740991n,
  0x102040810204080n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
];

/** `place` tells apart several values of one type: list items, map keys, neighbouring fields. */
export function sampleScalar(
  type: ScalarType,
  style: Style,
  site: { readonly names: readonly string[]; readonly place: number; readonly view: SchemaView },
): unknown {
  const chance = chanceFor(...site.names, String(site.place));
  switch (type.kind) {
    case "bool":
      return style === "bottom" ? site.place % 2 === 1 : site.place % 2 === 0;
    case "integer":
      return integerJson(type, notForbidden(type, sampleInteger(type, style, site.place, chance)));
    case "float":
      if (type.as === "pattern") return type.bits === 32 ? 0x7fc0_0001 : "9221120237041090561";
      return sampleFloat(type.bits, style, site.place);
    case "string":
      return sampleText(style, site.names.at(-1) ?? "", site.place, chance);
    case "bytes":
      return { hex: ofLength(sampleHex(style, site.place, chance), type.length) };
    default: {
      const variants = site.view.enumeration(type.name)?.variants ?? [];
      const first = style === "top" ? variants.length - 1 : 1;
      return variants[(first + site.place) % Math.max(1, variants.length)]?.name ?? "unknown(1)";
    }
  }
}

export function integerRange(type: IntegerType): { readonly min: bigint; readonly max: bigint } {
  const bits = BigInt(type.bits);
  const [min, max] = type.signed
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n];
  if (type.as === "bigint") return { min, max };
  const safe = BigInt(NUMBER_MAX);
  return { min: min < -safe ? -safe : min, max: max > safe ? safe : max };
}

function integerJson(type: IntegerType, value: bigint): unknown {
  return type.as === "bigint" ? String(value) : Number(value);
}

function sampleInteger(type: IntegerType, style: Style, place: number, chance: Chance): bigint {
  const { min, max } = integerRange(type);
  const offset = BigInt(place);
  switch (style) {
    case "minimal":
      return 1n + offset <= max ? 1n + offset : max;
    case "typical": {
      const bound = max < 100_000n ? max : 100_000n;
      const value = 1n + BigInt(chance.below(Number(bound)));
      return type.signed && place % 2 === 1 ? -value : value;
    }
    case "top":
      return max - offset;
    case "bottom":
      return type.signed ? min + offset : offset;
    case "edge": {
      const fitting = EDGES.filter((edge) => edge <= max);
      const value = fitting[(place + chance.below(fitting.length)) % fitting.length] ?? max;
      return type.signed && place % 2 === 1 ? -value : value;
    }
  }
}

function sampleFloat(bits: 32 | 64, style: Style, place: number): number {
  if (style === "minimal") return 1 + place;
  if (style === "typical") return 1.5 + place;
  const largest = bits === 64 ? Number.MAX_VALUE : 3.4028234663852886e38;
  return style === "bottom" ? -largest : largest;
}

function sampleText(style: Style, name: string, place: number, chance: Chance): string {
  const mark = place === 0 ? "" : String(place);
  switch (style) {
    case "minimal":
      return `a${mark}`;
    case "typical":
      return `${name}-${chance.below(0x10000).toString(16)}${mark}`;
    case "top":
      return `${TEXT_OF_ALL_WIDTHS}${mark}`;
    case "bottom":
      return ` ${mark}`;
    case "edge":
      return `${mark}${"x".repeat(LONG - mark.length)}`;
  }
}

function sampleHex(style: Style, place: number, chance: Chance): string {
  const byte = (value: number) => (value & 255).toString(16).padStart(2, "0");
  const sequence = (length: number, next: (at: number) => number) =>
    Array.from({ length }, (_, at) => byte(next(at))).join("");
  switch (style) {
    case "minimal":
      return byte(place);
    case "typical":
      return sequence(8, () => chance.below(256));
    case "top":
      return sequence(256, (at) => at + place);
    case "bottom":
      return sequence(1 + place, () => 0);
    case "edge":
      return sequence(LONG, (at) => at * 7 + place);
  }
}

function notForbidden({ nonZero }: IntegerType, value: bigint): bigint {
  return nonZero && value === 0n ? 1n : value;
}

function ofLength(hex: string, length: number | undefined): string {
  return length === undefined ? hex : hex.padEnd(2 * length, "5a").slice(0, 2 * length);
}

const TIMES: Readonly<Record<string, number>> = {
  year: 2026,
  ordinal0: 324,
  hour: 23,
  minute: 59,
  second: 58,
  nanos: 123_456_789,
  hours: 5,
  minutes: 45,
  seconds: 1,
};

/** One likely value; UTC has no offset. */
export function sampleTime(type: string): unknown {
  return timeOf(timeParts(type as TimeType), type.includes("Utc"));
}

function timeOf(parts: readonly NamedPart[], isUtc: boolean): Record<string, unknown> {
  return Object.fromEntries(
    parts.map(([name, part]) => {
      if (part === "bigint") return [name, "1763683200"];
      if (part === "text") return [name, "Europe/Paris"];
      const isZero = isUtc && ["hours", "minutes", "seconds"].includes(name);
      if (part === "number") return [name, isZero ? 0 : TIMES[name]];
      return [name, typeof part === "string" ? sampleTime(part) : timeOf(part, isUtc)];
    }),
  );
}
