/**
 * A type of a vector file bound to our shape: how its JSON becomes our value, and back. Types that the
 * codec does not have yet throw `UnsupportedError`, whose text is the reason of the skip.
 */
import type { IntegerShape, Shape } from "../../../codecs/schema/shape.ts";
import { bytesOf, hexOf } from "../tally.ts";
import { type Notation, UnsupportedError } from "./type-notation.ts";

export interface Bound<S = Shape> {
  readonly shape: S;
  fromJson(json: unknown): unknown;
  toJson(value: unknown): unknown;
}

const same = (value: unknown): unknown => value;
const TEXTS = new Set(["String", "str", "&str", "ByteString", "SmolStr"]);
const POINTERS = new Set(["Box", "Arc", "Rc", "Cow"]);
const RAW_BYTES = new Set(["Blob", "Bytes", "BString"]);
const GENERAL = new Set(["general", "general_packed"]);

/** Undefined when the type is not one of one value: a list, a map, a message or something unknown. */
export function bindScalar(type: Notation, encoding: Notation): Bound | undefined {
  if (type.name === "bool") return bindBool(encoding);
  const integer = /^(u|i)(8|16|32|64|size)$/.exec(type.name);
  if (integer !== null) return bindInteger(integer[1] === "i", integer[2] as string, encoding);
  const nonZero = /^NonZero([UI])(8|16|32|64|size)$/i.exec(type.name);
  if (nonZero !== null) {
    const [, sign, width] = nonZero as unknown as [string, string, string];
    const bound = bindInteger(sign === "I", width.toLowerCase(), encoding);
    return { ...bound, shape: { ...(bound.shape as IntegerShape), nonZero: true } };
  }
  const float = /^f(32|64)$/.exec(type.name);
  if (float !== null) return bindFloat(Number(float[1]) as 32 | 64, encoding);
  if (isText(type)) {
    needEncoding(type, encoding, GENERAL);
    return { shape: { kind: "string" }, fromJson: same, toJson: same };
  }
  if (isRawBytes(type, encoding)) return RAW;
  return bindByteArray(type, encoding);
}

/** `Vec<u8>` and its kin, whatever they are encoded as. */
export function isOctets(type: Notation): boolean {
  return listItemOf(type)?.name === "u8";
}

/** The item type of a list, also behind a pointer to a slice. */
export function listItemOf(type: Notation): Notation | undefined {
  if (type.name === "Vec") return type.args[0];
  const slice = type.args[0];
  const isSlice = POINTERS.has(type.name) && slice?.name === "[]" && slice.args.length === 1;
  return isSlice ? slice.args[0] : undefined;
}

const RAW: Bound = {
  shape: { kind: "bytes" },
  fromJson: (json) => bytesOf((json as { hex: string }).hex),
  toJson: (value) => ({ hex: hexOf(value as Uint8Array) }),
};

/** `[u8; N]` as bytes, or as a fixed integer's place on the wire. */
function bindByteArray({ name, args }: Notation, encoding: Notation): Bound | undefined {
  if (name !== "[]" || args.length !== 2 || args[0]?.name !== "u8") return undefined;
  const length = Number(args[1]?.name);
  if (encoding.name === "plainbytes") return { ...RAW, shape: { kind: "bytes", length } };
  if (encoding.name !== "fixed") return undefined;
  return { ...RAW, shape: { kind: "bytes", length, fixed: true } };
}

function bindBool(encoding: Notation): Bound {
  needEncoding({ name: "bool", args: [] }, encoding, new Set([...GENERAL, "varint"]));
  return { shape: { kind: "bool" }, fromJson: same, toJson: same };
}

function bindInteger(signed: boolean, width: string, encoding: Notation): Bound {
  const bits = (width === "size" ? 64 : Number(width)) as 8 | 16 | 32 | 64;
  const allowed = new Set(bits === 8 ? ["varint"] : [...GENERAL, "varint"]);
  if (bits >= 32 && width !== "size") allowed.add("fixed");
  needEncoding({ name: `${signed ? "i" : "u"}${width}`, args: [] }, encoding, allowed);
  const form = encoding.name === "fixed" ? "fixed" : "varint";
  const shape = { kind: "integer", signed, bits, encoding: form } as const;
  if (bits < 64) return { shape: { ...shape, as: "number" }, fromJson: same, toJson: same };
  const fromJson = (json: unknown) => BigInt(json as string);
  return { shape: { ...shape, as: "bigint" }, fromJson, toJson: String };
}

/** By its bits, so that NaN payloads count too. */
function bindFloat(bits: 32 | 64, encoding: Notation): Bound {
  needEncoding({ name: `f${bits}`, args: [] }, encoding, new Set([...GENERAL, "fixed"]));
  return {
    shape: { kind: "float", bits, as: "pattern" },
    fromJson(json) {
      const pattern = BigInt(`0x${(json as { bits: string }).bits}`);
      return bits === 32 ? Number(pattern) : pattern;
    },
    toJson: (value) => ({
      bits: (value as number | bigint).toString(16).padStart(bits / 4, "0"),
    }),
  };
}

function isText({ name, args }: Notation): boolean {
  return TEXTS.has(name) || (POINTERS.has(name) && TEXTS.has(args[0]?.name ?? ""));
}

function isRawBytes(type: Notation, encoding: Notation): boolean {
  if (RAW_BYTES.has(type.name)) return GENERAL.has(encoding.name);
  return isOctets(type) && encoding.name === "plainbytes";
}

export function needEncoding(
  type: Notation,
  encoding: Notation,
  allowed: ReadonlySet<string>,
): void {
  if (allowed.has(encoding.name)) return;
  throw new UnsupportedError(`${type.name} with the encoding ${encoding.name}`);
}
