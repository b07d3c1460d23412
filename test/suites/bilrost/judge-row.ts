/** Judges one row in both directions and in every mode it speaks of (§27.2 of the specification). */
import { isDeepStrictEqual } from "node:util";
import {
  type BilrostCodec,
  type Canonicity,
  decodeOpaque,
  encodeOpaque,
  type OpaqueField,
} from "../../../codecs/bilrost/index.ts";
import { readVarint, writeVarint } from "../../../codecs/bilrost/varint.ts";
import { ByteReader } from "../../../codecs/byte-reader.ts";
import { ByteWriter } from "../../../codecs/byte-writer.ts";
import { DecodeError } from "../../../codecs/index.ts";
import { bytesOf, hexOf } from "../tally.ts";
import type { BoundMessage } from "./bind-schemas.ts";
import type { VectorRow } from "./vector-file.ts";

/** What a decoder made of the bytes: a value in the row's own JSON, or the kind of its error. */
type Outcome =
  | {
      readonly kind: "ok";
      readonly value: unknown;
      readonly canonicity?: string;
      readonly consumed?: number;
    }
  | { readonly kind: string; readonly problem: string };

/** What was found wrong; empty when the row holds. */
export function judgeVarint(row: VectorRow): string[] {
  const found = attempt(() => {
    const reader = new ByteReader(bytesOf(row.hex));
    const value = String(readVarint(reader));
    return { kind: "ok", value, consumed: reader.offset };
  });
  const problems = [...differences("decode", row, row.decode, found)];
  if (row.decode === "ok") {
    const writer = new ByteWriter();
    writeVarint(writer, BigInt(row.value as string));
    problems.push(...differentBytes(row, hexOf(writer.finish())));
  }
  return problems;
}

/** Without a schema every readable message is canonical, and is written back as it was. */
export function judgeOpaque(row: VectorRow): string[] {
  const found = attempt(() => ({
    kind: "ok",
    value: decodeOpaque(bytesOf(row.hex)).map(opaqueToJson),
    canonicity: "Canonical",
  }));
  const problems = differences("opaque", row, row.decode, found);
  if (row.decode !== "ok") return problems;
  const fields = (row.value as readonly OpaqueJson[]).map(opaqueFromJson);
  return [...problems, ...differentBytes(row, hexOf(encodeOpaque(fields)))];
}

type OpaqueJson = readonly [tag: number, wireType: number, body: string | { readonly hex: string }];

function opaqueToJson(field: OpaqueField): OpaqueJson {
  const { tag, wireType } = field;
  if (wireType === 0) return [tag, wireType, String(field.value)];
  return [tag, wireType, { hex: hexOf(field.body) }];
}

function opaqueFromJson([tag, wireType, body]: OpaqueJson): OpaqueField {
  if (typeof body === "string") return { tag, wireType: 0, value: BigInt(body) };
  return { tag, wireType: wireType as 1 | 2 | 3, body: bytesOf(body.hex) };
}

export function judgeMessage(row: VectorRow, bound: BoundMessage, codec: BilrostCodec): string[] {
  const bytes = bytesOf(row.hex);
  const decode = (minimum: Canonicity): Outcome =>
    attempt(() => {
      const { value, canonicity, ...rest } =
        row.kind === "length_delimited"
          ? codec.decodeDelimited(bytes, { minimum })
          : codec.decodeDistinguished(bytes, { minimum });
      return { ...rest, kind: "ok", value: bound.toJson(value), canonicity };
    });
  const relaxed = (): Outcome =>
    row.kind === "length_delimited"
      ? decode("NotCanonical")
      : attempt(() => ({ kind: "ok", value: bound.toJson(codec.decode(bytes)) }));
  const problems = [
    ...differences("relaxed", row, row.decode, relaxed()),
    ...differences("distinguished", row, row.decode, decode("NotCanonical")),
  ];
  for (const minimum of ["HasExtensions", "Canonical"] as const) {
    const expected = row.restricted?.[minimum];
    if (expected === undefined) continue;
    problems.push(...differences(`restricted to ${minimum}`, row, expected, decode(minimum)));
  }
  return [...problems, ...judgeEncoding(row, bound, codec)];
}

function judgeEncoding(row: VectorRow, bound: BoundMessage, codec: BilrostCodec): string[] {
  if (row.decode !== "ok") return [];
  const value = bound.fromJson(row.value) as Parameters<typeof codec.encode>[0];
  if (row.kind === "length_delimited") {
    return differentBytes(row, hexOf(codec.encodeDelimited(value)));
  }
  const bytes = codec.encode(value);
  const target = new Uint8Array(bytes.byteLength + 100);
  const end = codec.encodeInto(value, target, 3);
  const parts = codec.encodeSegments(value);
  return [
    ...differentBytes(row, hexOf(bytes)),
    ...differentBytes(row, hexOf(target.subarray(3, end))),
    ...differentBytes(row, parts.map(hexOf).join("")),
  ];
}

function attempt(decode: () => Outcome): Outcome {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return { kind: error.code, problem: error.message };
    return { kind: "crash", problem: String(error) };
  }
}

function differences(mode: string, row: VectorRow, expected: string, found: Outcome): string[] {
  const isAlsoRight = expected !== "ok" && (row.also ?? []).includes(found.kind);
  if (found.kind !== expected && !isAlsoRight) {
    const problem = "problem" in found ? ` (${found.problem})` : "";
    return [`${mode}: expected ${expected}, found ${found.kind}${problem}`];
  }
  if (!("value" in found)) return [];
  const problems: string[] = [];
  if (!isDeepStrictEqual(found.value, row.value))
    problems.push(...diff(`${mode} value`, row.value, found.value));
  const { canonicity, consumed } = found;
  if (canonicity !== undefined && row.canonicity && canonicity !== row.canonicity) {
    problems.push(...diff(`${mode} canonicity`, row.canonicity, canonicity));
  }
  if (consumed !== undefined && row.consumed !== undefined && consumed !== row.consumed) {
    problems.push(...diff(`${mode} bytes consumed`, row.consumed, consumed));
  }
  return problems;
}

function differentBytes(row: VectorRow, written: string): string[] {
  const expected = row.encode === true ? row.hex : row.reencode_hex;
  if (expected === undefined || expected.toLowerCase() === written) return [];
  return diff("encoded bytes", expected, written);
}

function diff(what: string, expected: unknown, found: unknown): string[] {
  return [`${what}:`, `- ${JSON.stringify(expected)}`, `+ ${JSON.stringify(found)}`];
}
