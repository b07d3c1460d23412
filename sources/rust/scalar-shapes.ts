/** Numbers, texts, bytes and times: (type, encoding) to what stands on the wire. */
import type { Shape, TimeType } from "../../codecs/index.ts";
import { type Encoding, printEncoding } from "./encoding.ts";
import { unresolved } from "./errors.ts";
import type { KnownType } from "./known-types.ts";
import { type CrateVersion, needsVersion } from "./version.ts";

export interface ScalarOptions {
  readonly version: CrateVersion;
  readonly integers64: "number" | "bigint";
  readonly floats: "number" | "pattern";
}

type IntegerType = Extract<KnownType, { is: "integer" }>;

export function isGeneral(encoding: Encoding): boolean {
  return encoding.kind === "general" || encoding.kind === "general_packed";
}

export function refuse(type: string, encoding: Encoding, hint = ""): never {
  const text = printEncoding(encoding);
  return unresolved(`the encoding "${text}" does not cover ${type}${hint}`, {
    type,
    encoding: text,
  });
}

export function boolShape(encoding: Encoding): Shape {
  return isGeneral(encoding) || encoding.kind === "varint"
    ? { kind: "bool" }
    : refuse("bool", encoding);
}

export function integerShape(
  type: IntegerType,
  encoding: Encoding,
  { version, integers64 }: ScalarOptions,
): Shape {
  const { signed, bits, nonZero, size } = type;
  const name = integerName(type);
  if (nonZero) needsVersion(version, 1014, name);
  if (size) needsVersion(version, 1007, name);
  const isFixed = encoding.kind === "fixed" && bits >= 32 && !size;
  const isGeneralInteger = bits > 8 || nonZero === true;
  const isVarint = encoding.kind === "varint" || (isGeneral(encoding) && isGeneralInteger);
  if (!isFixed && !isVarint) refuse(name, encoding, bits === 8 ? ', "varint" does' : "");
  const as = bits === 64 ? integers64 : "number";
  const shape: Shape = {
    kind: "integer",
    signed,
    bits,
    encoding: isFixed ? "fixed" : "varint",
    as,
  };
  return nonZero ? { ...shape, nonZero } : shape;
}

function integerName({ signed, bits, nonZero, size }: IntegerType): string {
  const letter = signed ? "i" : "u";
  const width = size ? "size" : String(bits);
  return nonZero ? `NonZero${letter.toUpperCase()}${width}` : `${letter}${width}`;
}

export function floatShape(bits: 32 | 64, encoding: Encoding, { floats }: ScalarOptions): Shape {
  if (!isGeneral(encoding) && encoding.kind !== "fixed") return refuse(`f${bits}`, encoding);
  return floats === "pattern" ? { kind: "float", bits, as: "pattern" } : { kind: "float", bits };
}

export function generalShape(shape: Shape, name: string, encoding: Encoding): Shape {
  return isGeneral(encoding) ? shape : refuse(name, encoding);
}

export function timeShape(type: TimeType, encoding: Encoding, version: CrateVersion): Shape {
  needsVersion(version, type.startsWith("jiff") ? 1016 : 1011, type);
  return generalShape({ kind: "time", type }, type, encoding);
}

export function dateTimeType(zone: KnownType | undefined): TimeType {
  const type = zone?.is === "time" ? zone.type : undefined;
  if (type === "chrono::Utc") return "chrono::DateTime<Utc>";
  if (type === "chrono::FixedOffset") return "chrono::DateTime<FixedOffset>";
  return unresolved("the time zone of this chrono::DateTime is neither Utc nor FixedOffset");
}
