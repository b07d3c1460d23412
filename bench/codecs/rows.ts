/**
 * The rows of the bench, and the timed loop of each call. A loop is compiled from a text of its own for
 * every codec, message and row; it keeps the last result, so that the engine cannot leave the work out,
 * and reads every field that was decoded.
 */
import type { MessageShape } from "../../codecs/index.ts";
import type { Contender } from "./contender.ts";
import { type BenchCase, VARIANTS } from "./corpus.ts";
import { inputOf, readText } from "./form.ts";
import { shapeOf } from "./messages.ts";

export const ROWS = ["owned", "view", "into", "decode", "chunk"] as const;
export type Row = (typeof ROWS)[number];

export interface Runner {
  /** The contender's name, and the entry point where it is not the row's own. */
  readonly name: string;
  readonly contender: Contender;
  readonly run: (times: number) => void;
}

/** Everything of one contender that runs in a row. */
export function runnersOf(row: Row, contender: Contender, bench: BenchCase): Runner[] {
  const loops = LOOPS[row](contender, bench);
  return Object.entries(loops).flatMap(([entry, run]) => {
    const name = entry === "" ? contender.name : `${contender.name}, ${entry}`;
    return run ? [{ name, contender, run }] : [];
  });
}

/** By entry point; "" is the row's own. */
type Loops = Readonly<Record<string, Runner["run"] | undefined>>;

const LOOPS: Readonly<Record<Row, (contender: Contender, bench: BenchCase) => Loops>> = {
  // A list of parts is what the caller may keep, and what peers have to make owned bytes for.
  owned: (contender, bench) => ({
    "": encodeLoop(contender, bench, contender.owned),
    segments: encodeLoop(contender, bench, contender.segments),
  }),
  view: (contender, bench) => ({
    "": encodeLoop(contender, bench, contender.view ?? contender.owned),
  }),
  into: (contender, bench) => {
    const nearest = contender.view ?? contender.owned;
    const run = contender.into ? intoLoop(contender, bench) : encodeLoop(contender, bench, nearest);
    return { "": run };
  },
  decode: (contender, bench) => ({
    "": decodeLoop(contender, bench),
    columns: columnLoop(contender, bench),
  }),
  chunk: (contender, bench) => ({ "": chunkLoop(contender, bench) }),
};

/** What a contender's encoder is given for each variant. */
export function inputsOf(contender: Contender, bench: BenchCase): object[] {
  const form = contender.inputForm ?? contender.form;
  const shape = shapeOf(bench.message);
  const prepare = contender.prepare ?? ((value: object) => value);
  return bench.variants().map((value) => prepare(inputOf(shape, form, value)));
}

/** What its decoder is given: its own bytes, at an offset in a larger buffer, as a socket leaves them. */
export function encodedOf(contender: Contender, bench: BenchCase): Uint8Array[] {
  return inputsOf(contender, bench).map((input) => {
    const bytes = encodeOnce(contender, input as never);
    const around = Buffer.allocUnsafeSlow(bytes.length + 48);
    around.set(bytes, 37);
    return viewFor(contender, around, 37, bytes.length);
  });
}

export function encodeOnce(contender: Contender, input: never): Uint8Array {
  const encode = contender.owned ?? contender.view;
  if (encode) return encode(input);
  throw new Error(`Cannot encode with ${contender.name}: it has neither owned nor view`);
}

/** A new object each time, because some decoders leave things on it. */
function viewFor({ plainInput }: Contender, around: Buffer, start: number, length: number) {
  const { buffer, byteOffset } = around;
  return plainInput
    ? new Uint8Array(buffer, byteOffset + start, length)
    : Buffer.from(buffer, byteOffset + start, length);
}

const CHUNK_BYTES = 64 * 1024;
const CHUNK_MESSAGES_MAX = 512;

export interface Chunk {
  readonly bytes: Uint8Array;
  /** One more than there are messages; their number is a power of two. */
  readonly starts: readonly number[];
}

/** Messages one behind the other, as a large read or a log file brings them. */
export function chunkOf(contender: Contender, bench: BenchCase): Chunk {
  const messages = encodedOf(contender, bench);
  const length = messages.reduce((sum, { length }) => sum + length, 0) / VARIANTS;
  let count = VARIANTS;
  while (count < CHUNK_MESSAGES_MAX && count * 2 * length <= CHUNK_BYTES) count *= 2;
  const all = Array.from({ length: count }, (_, n) => messages[n % VARIANTS] ?? Buffer.alloc(0));
  const around = Buffer.concat([Buffer.alloc(24), ...all]);
  const starts = [0];
  for (const message of all) starts.push((starts.at(-1) ?? 0) + message.length);
  return { bytes: viewFor(contender, around, 24, around.length - 24), starts };
}

type Call = ((value: never) => unknown) | undefined;

function encodeLoop(contender: Contender, bench: BenchCase, call: Call): Runner["run"] | undefined {
  if (!call) return undefined;
  const body = `const result = call(inputs[i & ${VARIANTS - 1}]); kept.value = result; sum += result.length;`;
  return compile(contender, bench, body, { call, inputs: inputsOf(contender, bench) });
}

function intoLoop(contender: Contender, bench: BenchCase): Runner["run"] {
  const body = `sum += call(inputs[i & ${VARIANTS - 1}]);`;
  return compile(contender, bench, body, {
    call: contender.into,
    inputs: inputsOf(contender, bench),
  });
}

function decodeLoop(contender: Contender, bench: BenchCase): Runner["run"] | undefined {
  const call = contender.decode;
  if (!call) return undefined;
  const body = `const value = call(inputs[i & ${VARIANTS - 1}]); kept.value = value; ${readingText(contender, bench)}`;
  const inputs = encodedOf(contender, bench);
  return compile(contender, bench, body, { call, inputs, read: contender.read });
}

function columnLoop(contender: Contender, bench: BenchCase): Runner["run"] | undefined {
  const call = contender.columns;
  if (!call) return undefined;
  const body = `sum += call(inputs[i & ${VARIANTS - 1}]);`;
  return compile(contender, bench, body, { call, inputs: encodedOf(contender, bench) });
}

function chunkLoop(contender: Contender, bench: BenchCase): Runner["run"] | undefined {
  const call = contender.range ?? contender.decode;
  if (!call) return undefined;
  const { bytes, starts } = chunkOf(contender, bench);
  const place = `i & ${starts.length - 2}`;
  const value = contender.range
    ? `call(chunk, starts[n], starts[n + 1])`
    : `call(chunk.subarray(starts[n], starts[n + 1]))`;
  const body = `const n = ${place}; const value = ${value}; kept.value = value; ${readingText(contender, bench)}`;
  return compile(contender, bench, body, { call, chunk: bytes, starts, read: contender.read });
}

function readingText(contender: Contender, bench: BenchCase): string {
  if (contender.read) return "sum += read(value);";
  const shape: MessageShape = shapeOf(bench.message);
  return readText(shape, contender.form, "value");
}

/** The results that loops leave behind. */
const kept: { value: unknown; sum: number } = { value: undefined, sum: 0 };
let loops = 0;

function compile(
  contender: Contender,
  bench: BenchCase,
  body: string,
  uses: Readonly<Record<string, unknown>>,
): Runner["run"] {
  const names = Object.keys(uses);
  // The number makes the text unlike any other; equal texts would share what the engine learnt.
  const text = `"use strict";
    // ${contender.name}, ${bench.name}, ${loops}
    return function loop${loops++}(times) {
      let sum = 0;
      for (let i = 0; i < times; i++) { ${body} }
      kept.sum = sum;
    };`;
  return new Function("kept", ...names, text)(kept, ...Object.values(uses)) as Runner["run"];
}
