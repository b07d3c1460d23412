/**
 * What is measured: the typical value of every message, and the sizes that matter in production
 * (one small entry, a batch, a large payload, a snapshot chunk). Eight variants of each, because
 * one value alone lets caches and branch prediction flatter everybody.
 */
import {
  goldenCases,
  type HostDescription,
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

export function benchCases(host: HostDescription): BenchCase[] {
  const newest = host.versions.at(-1);
  if (!newest) return [];
  const typical = newest.messages
    .filter(({ surface }) => surface !== "nested")
    .map(({ name }) => typicalCase(newest, name));
  return [...typical, ...sizedCases(newest)];
}

function typicalCase(version: VersionDescription, message: string): BenchCase {
  const golden = goldenCases(version, message).find((entry) => entry.name === "typical");
  if (!golden) throw new Error(`Cannot measure ${message}: it has no typical golden case`);
  return { name: `${message} typical`, message, variants: variantsOf(version, message, golden.value) };
}

function sizedCases(version: VersionDescription): BenchCase[] {
  const append = (entries: number, bytes: number): BenchCase => {
    const value = { ...append1(version), entries: Array.from({ length: entries }, (_, i) => entry(i, bytes)) };
    const name = `AppendRequest ${entries} × ${bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KiB`}`;
    return { name, message: "AppendRequest", variants: variantsOf(version, "AppendRequest", value) };
  };
  const chunk = { ...typicalValue(version, "SnapshotChunk"), bytes: payload(256 * 1024) };
  return [
    append(1, 64),
    append(64, 256),
    append(1, 64 * 1024),
    {
      name: "SnapshotChunk 256 KiB",
      message: "SnapshotChunk",
      variants: variantsOf(version, "SnapshotChunk", chunk),
    },
  ];
}

function append1(version: VersionDescription): Json {
  return typicalValue(version, "AppendRequest");
}

function typicalValue(version: VersionDescription, message: string): Json {
  return typicalCase(version, message).variants[0] as Json;
}

function entry(place: number, bytes: number): Json {
  const base = { term: 7, index: 1_000_000 + place, kind: "command", version: 3, critical: true };
  return { ...base, body: payload(bytes) };
}

function payload(bytes: number): { hex: string } {
  return { hex: Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 31) & 0xff)).toString("hex") };
}

function variantsOf(version: VersionDescription, message: string, value: unknown): unknown[] {
  return Array.from({ length: VARIANTS }, (_, step) => shiftMessage(version, message, value, step));
}

/** The same value with every integer a little larger, so that no two variants are equal. */
function shiftMessage(version: VersionDescription, name: string, value: unknown, step: number): Json {
  const result: Json = { ...(value as Json) };
  for (const member of messageOf(version, name).members) {
    const found = result[member.name];
    if (found === undefined || found === null || member.kind === "oneof") continue;
    result[member.name] = shift(version, member.type, found, step);
  }
  return result;
}

function shift(version: VersionDescription, type: TypeDescription, value: unknown, step: number): unknown {
  if (type.kind === "integer" && typeof value === "number" && type.bits >= 32) return value + step;
  if (type.kind === "message") return shiftMessage(version, type.name, value, step);
  if (type.kind === "list") return (value as unknown[]).map((item) => shift(version, type.item, item, step));
  return value;
}

/** The value without what a version does not have: fields, variants and enumeration values are the older version's. */
export function fitsVersion(version: VersionDescription, message: string, value: unknown): Json | undefined {
  if (!version.messages.some(({ name }) => name === message)) return undefined;
  const known = new Set(messageOf(version, message).members.map(({ name }) => name));
  const entries = Object.entries(value as Json).filter(([name]) => known.has(name));
  return Object.fromEntries(entries);
}
