/**
 * Judges captured Restate messages: `npm run restate-samples -- <file>`. Each Append and Store is two
 * rows: read and written back at its own protocol version, byte for byte; and misread at the other
 * one, where the matrix's verdict must be a clean refusal, or broken when the bytes decode silently.
 */

import {
  bilrost,
  type Codec,
  countUnknown,
  DEFAULT_LIMITS,
  DecodeError,
  type MessageDefinition,
  messageToJson,
} from "../../codecs/index.ts";
import { type DecodeResult, judgeMisread } from "../../compat-matrix/index.ts";
import { Append, restate, Store } from "../../fixtures/interop/restate/schemas.ts";
import {
  bytesOf,
  hexOf,
  type NamedRow,
  PASSED,
  parseJson,
  type RowResult,
  runSuite,
  SuiteFileError,
} from "./tally.ts";

interface Sample {
  readonly proto: number;
  readonly type: string;
  readonly hex: string;
}

/** One message read at one version, without the lift to today's form. */
interface Reading {
  readonly definition: MessageDefinition<object>;
  readonly version: number;
}

const DEFINITIONS: ReadonlyMap<string, MessageDefinition<object>> = new Map(
  Object.entries({
    Append: Append as MessageDefinition<object>,
    Store: Store as MessageDefinition<object>,
  }),
);
const VERSIONS: readonly number[] = [2, 3];

function rowsOf(text: string): readonly NamedRow[] {
  return text
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : rowsOfLine(line, index + 1)));
}

function rowsOfLine(line: string, number: number): readonly NamedRow[] {
  const sample = sampleOf(line, number);
  const name = `line ${number} ${sample.type} v${sample.proto}`;
  const definition = DEFINITIONS.get(sample.type);
  if (definition === undefined)
    return [skipped(name, `no schema for messages of type ${sample.type}`)];
  if (!VERSIONS.includes(sample.proto))
    return [skipped(name, "the schemas cover versions 2 and 3")];
  const own: Reading = { definition, version: sample.proto };
  const readings = VERSIONS.filter((version) => version !== sample.proto);
  return [
    { name, run: () => judgeOwn(bytesOf(sample.hex), own) },
    ...readings.map((version) => ({
      name: `${name} misread as v${version}`,
      run: () => judgeForeign(bytesOf(sample.hex), own, { name, definition, version }),
    })),
  ];
}

function sampleOf(line: string, number: number): Sample {
  const parsed = parseJson(line, `line ${number}`) as Partial<Sample> | null;
  if (typeof parsed?.proto === "number" && typeof parsed.type === "string") {
    bytesOf(parsed.hex);
    return parsed as Sample;
  }
  throw new SuiteFileError(`line ${number} is not a sample with proto, type and hex`);
}

function skipped(name: string, reason: string): NamedRow {
  return { name, run: () => ({ result: "skipped", reason }) };
}

/** Through the whole protocol, lineage included, and back to the same bytes. */
function judgeOwn(bytes: Uint8Array, { definition, version }: Reading): RowResult {
  const read = readAs(bytes, { definition, version });
  if (!read.ok) return failed(`cannot be read: ${read.error.message}`);
  if (read.unknownFields > 0)
    return failed(`${read.unknownFields} fields are unknown at its own version`);
  const value = restate.decode(definition, version, bytes);
  const written = hexOf(restate.encode(definition, version, value).bytes);
  const expected = hexOf(bytes);
  return written === expected ? PASSED : failed("written back:", `- ${expected}`, `+ ${written}`);
}

function judgeForeign(
  bytes: Uint8Array,
  own: Reading,
  other: Reading & { readonly name: string },
): RowResult {
  const written = readAs(bytes, own);
  if (!written.ok) return failed(`cannot be read at its own version: ${written.error.message}`);
  const read = readAs(bytes, other);
  const { verdict, reason } = judgeMisread(
    { version: own.version, value: written.value },
    other.version,
    read,
  );
  const needed = read.ok ? "broken" : "clean-refusal";
  if (verdict !== needed) return failed(`verdict ${verdict}, ${needed} needed: ${reason}`);
  if (verdict === "broken") console.log(`broken ${other.name}: ${reason}\n  bytes ${hexOf(bytes)}`);
  return PASSED;
}

function readAs(bytes: Uint8Array, reading: Reading): DecodeResult {
  const shape = restate.shapeOf(reading.definition, reading.version);
  const codec: Codec = bilrost.compile(shape, DEFAULT_LIMITS);
  try {
    const value = codec.decode(bytes);
    return { ok: true, value: messageToJson(shape, value), unknownFields: countUnknown(value) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { code, message, path, offset } = error;
    return { ok: false, error: { kind: "DecodeError", code, message, path, offset } };
  }
}

function failed(...problems: readonly string[]): RowResult {
  return { result: "failed", problems };
}

process.exitCode = runSuite("restate-samples", process.argv.slice(2), rowsOf);
