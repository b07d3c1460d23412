/**
 * Judges captured Restate messages: `npm run restate-samples -- <file>`, through schemas read from Rust
 * sources. Each message is read at its own protocol version and written back, byte for byte. Where the
 * versions differ it is a second row as well: misread at the other one, where the matrix's verdict must
 * be a clean refusal, or broken when the bytes decode silently.
 */

import {
  type BilrostCodec,
  bilrost,
  countUnknown,
  DEFAULT_LIMITS,
  DecodeError,
  type MessageShape,
  messageToJson,
} from "../../codecs/index.ts";
import { type DecodeResult, judgeMisread } from "../../compat-matrix/index.ts";
import { RESTATE_VERSIONS, readRestateShapes } from "./restate-schemas.ts";
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

/** One message at one version. */
interface Reading {
  readonly version: number;
  readonly shape: MessageShape;
  readonly codec: BilrostCodec;
}

/** Rust's serde wrote them, so they are no Bilrost. */
const FLEXBUFFERS: ReadonlySet<string> = new Set([
  "ControlProcessors",
  "GetMetadataRequest",
  "PartitionProcessorRpcRequest",
]);
/** Those that hold records, the one thing that version 3 writes in another way. */
const DIFFER: ReadonlySet<string> = new Set(["Append", "Store"]);

const SHAPES = await readRestateShapes();

function rowsOf(text: string): readonly NamedRow[] {
  return text
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : rowsOfLine(line, index + 1)));
}

function rowsOfLine(line: string, number: number): readonly NamedRow[] {
  const sample = sampleOf(line, number);
  const name = `line ${number} ${sample.type} v${sample.proto}`;
  if (FLEXBUFFERS.has(sample.type)) return [skipped(name, "flexbuffers, not Bilrost")];
  if (!RESTATE_VERSIONS.includes(sample.proto))
    return [skipped(name, "the schemas cover versions 2 and 3")];
  const own = readingOf(sample.type, sample.proto);
  if (own === undefined) return [skipped(name, `no schema for messages of type ${sample.type}`)];
  const rows = [{ name, run: () => judgeOwn(bytesOf(sample.hex), own) }];
  if (!DIFFER.has(sample.type)) return rows;
  const others = RESTATE_VERSIONS.filter((version) => version !== sample.proto);
  const misread = others.flatMap((version) => readingOf(sample.type, version) ?? []);
  return rows.concat(
    misread.map((reading) => ({
      name: `${name} misread as v${reading.version}`,
      run: () => judgeForeign(bytesOf(sample.hex), own, { ...reading, name }),
    })),
  );
}

function sampleOf(line: string, number: number): Sample {
  const parsed = parseJson(line, `line ${number}`) as Partial<Sample> | null;
  if (typeof parsed?.proto === "number" && typeof parsed.type === "string") {
    bytesOf(parsed.hex);
    return parsed as Sample;
  }
  throw new SuiteFileError(`line ${number} is not a sample with proto, type and hex`);
}

function readingOf(type: string, version: number): Reading | undefined {
  const shape = SHAPES.get(version)?.get(type);
  if (shape === undefined) return undefined;
  return { version, shape, codec: bilrost.compile(shape, DEFAULT_LIMITS) };
}

function skipped(name: string, reason: string): NamedRow {
  return { name, run: () => ({ result: "skipped", reason }) };
}

/** There and back to the same bytes, with nothing unknown and nothing that could be written otherwise. */
function judgeOwn(bytes: Uint8Array, own: Reading): RowResult {
  const read = readAs(bytes, own);
  if (!read.ok) return failed(`cannot be read: ${read.error.message}`);
  if (read.unknownFields > 0)
    return failed(`${read.unknownFields} fields are unknown at its own version`);
  const { value, canonicity } = own.codec.decodeDistinguished(bytes);
  if (canonicity !== "Canonical") return failed(`read as ${canonicity}, Canonical needed`);
  const written = hexOf(own.codec.encode(value));
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

function readAs(bytes: Uint8Array, { codec, shape }: Reading): DecodeResult {
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
