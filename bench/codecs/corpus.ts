/**
 * What is measured: the typical value of every message, and the sizes that matter in production
 * (one small entry, a batch, a large payload, a snapshot chunk). Eight variants of each, because
 * one value alone lets caches and branch prediction flatter everybody.
 */
import {
  type CodecHost,
  type GoldenFile,
  makeGolden,
  type TypeDescription,
  type VersionDescription,
} from "../../compat-matrix/index.ts";
import { messageOf } from "./convert.ts";

export interface BenchCase {
  readonly name: string;
  readonly message: string;
  /** Value JSON. */
  readonly variants: readonly unknown[];
}

const VARIANTS = 8;

type Json = Record<string, unknown>;

export function benchCases(host: CodecHost): BenchCase[] {
  const newest = host.describe().versions.at(-1);
  if (!newest) return [];
  const files = makeGolden(host).filter(({ version }) => version === newest.version);
  const typical = files.map((file) => ({
    name: `${file.message} typical`,
    message: file.message,
    variants: variantsOf(newest, file.message, typicalValue(files, file.message)),
  }));
  return [...typical, ...sizedCases(newest, files)];
}

function sizedCases(version: VersionDescription, files: readonly GoldenFile[]): BenchCase[] {
  const sized = (name: string, message: string, change: Json): BenchCase => {
    const value = { ...typicalValue(files, message), ...change };
    return { name, message, variants: variantsOf(version, message, value) };
  };
  const entries = (count: number, bytes: number): Json => ({
    entries: Array.from({ length: count }, (_, place) => entry(version.version, place, bytes)),
  });
  return [
    sized("AppendRequest 1 × 64 B", "AppendRequest", entries(1, 64)),
    sized("AppendRequest 64 × 256 B", "AppendRequest", entries(64, 256)),
    sized("AppendRequest 1 × 64 KiB", "AppendRequest", entries(1, 64 * 1024)),
    sized("SnapshotChunk 256 KiB", "SnapshotChunk", { bytes: payload(256 * 1024) }),
  ];
}

function typicalValue(files: readonly GoldenFile[], message: string): Json {
  const records = files.find((file) => file.message === message)?.records;
  const typical = records?.find((record) => record.case === "typical");
  if (!typical) throw new Error(`Cannot measure ${message}: it has no typical golden case`);
  return typical.value as Json;
}

function entry(version: number, place: number, bytes: number): Json {
  const base = { term: 7, index: 1_000_000 + place, kind: "command", version, critical: true };
  return { ...base, body: payload(bytes) };
}

function payload(bytes: number): { hex: string } {
  return {
    hex: Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 31) & 0xff)).toString("hex"),
  };
}

function variantsOf(version: VersionDescription, message: string, value: unknown): unknown[] {
  return Array.from({ length: VARIANTS }, (_, step) => shiftMessage(version, message, value, step));
}

/** The same value with every integer a little larger, so that no two variants are equal. */
function shiftMessage(
  version: VersionDescription,
  name: string,
  value: unknown,
  step: number,
): Json {
  const result: Json = { ...(value as Json) };
  for (const member of messageOf(version, name).members) {
    const found = result[member.name];
    if (found === undefined || found === null || member.kind === "oneof") continue;
    result[member.name] = shift(version, member.type, found, step);
  }
  return result;
}

function shift(
  version: VersionDescription,
  type: TypeDescription,
  value: unknown,
  step: number,
): unknown {
  if (type.kind === "integer" && typeof value === "number" && type.bits >= 32) return value + step;
  if (type.kind === "message") return shiftMessage(version, type.name, value, step);
  if (type.kind === "list")
    return (value as unknown[]).map((item) => shift(version, type.item, item, step));
  return value;
}

/** The value without what a version does not have: fields, variants and enumeration values are the older version's. */
export function fitsVersion(
  version: VersionDescription,
  message: string,
  value: unknown,
): Json | undefined {
  if (!version.messages.some(({ name }) => name === message)) return undefined;
  const known = new Set(messageOf(version, message).members.map(({ name }) => name));
  const entries = Object.entries(value as Json).filter(([name]) => known.has(name));
  return Object.fromEntries(entries);
}
