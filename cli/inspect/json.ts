/** The tree as JSON, schema `wirespan/inspect/1`: keys are only ever added. */
import { type InspectNode, type Reading, toHex } from "../../codecs/index.ts";
import type { Input } from "./input.ts";
import type { Findings } from "./inspect-input.ts";

export const INSPECT_SCHEMA = "wirespan/inspect/1";

/** Hex of a body that is longer is cut; `end` still says how long it is. */
const BODY_BYTES_MAX = 256;

type Json = Record<string, unknown>;

export function inspectJson(input: Input, findings: Findings, release: string | undefined): Json {
  const { root, problems, format, container, guesses, asStream, message, wireVersion, verdict } =
    findings;
  return {
    schema: INSPECT_SCHEMA,
    input: { name: input.name, bytes: input.bytes.length, wasHex: input.wasHex },
    ...(container && { container }),
    ...(format && { format, isGuess: guesses !== undefined }),
    ...(guesses && { guesses }),
    ...(asStream && { asStream }),
    ...(release && { release }),
    ...(message && { message, wireVersion, verdict }),
    problems,
    tree: nodeToJson(root, input.bytes),
  };
}

function nodeToJson(node: InspectNode, bytes: Uint8Array): Json {
  const { start, keyEnd, bodyStart, end, readings, notes, ...rest } = node;
  const hasPieces = readings[0]?.children !== undefined;
  return {
    ...rest,
    start,
    end,
    ...(keyEnd > start && { key: toHex(bytes.subarray(start, keyEnd)) }),
    ...(bodyStart > keyEnd && { length: toHex(bytes.subarray(keyEnd, bodyStart)) }),
    ...(!hasPieces && bodyToJson(bytes, bodyStart, end)),
    ...(readings.length > 0 && { readings: readings.map((one) => readingToJson(one, bytes)) }),
    ...(notes.length > 0 && { notes }),
  };
}

function bodyToJson(bytes: Uint8Array, start: number, end: number): Json {
  const isCut = end - start > BODY_BYTES_MAX;
  const body = toHex(bytes.subarray(start, isCut ? start + BODY_BYTES_MAX : end));
  return { body, ...(isCut && { bodyIsCut: true }) };
}

function readingToJson({ value, list, children, ...rest }: Reading, bytes: Uint8Array): Json {
  return {
    ...rest,
    ...(value !== undefined && { value: plain(value) }),
    ...(list && { list: { shown: list.shown.map(plain), count: list.count } }),
    ...(children && { pieces: children.map((child) => nodeToJson(child, bytes)) }),
  };
}

/** As in value JSON: what JSON has no number for is text. */
function plain(value: boolean | number | bigint | string): boolean | number | string {
  if (typeof value === "bigint") return value.toString();
  const isLost = typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0));
  if (!isLost) return value;
  return Object.is(value, -0) ? "-0" : String(value);
}
