/** Turns generated text into functions, each kind when it is first asked for. */
import type { MessageValue } from "../../format.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
import { decoderText } from "./decode-code.ts";
import { encoderText } from "./encode-code.ts";
import { runtimeOf } from "./runtime.ts";

/** Returns the end, or -1; may throw. `depth` counts messages where they can nest without end. */
export interface Encoder {
  encode(value: MessageValue, target: Uint8Array, offset: number, depth: number): number;
}

export interface Segmenter extends Encoder {
  start(): void;
  /** Position in the target and payload that belongs there, in turn. */
  cuts(): readonly (number | Uint8Array)[];
}

/** Returns the value, or undefined; may throw. */
export interface Decoder {
  decode(
    bytes: Uint8Array,
    start: number,
    end: number,
    buffer: ArrayBufferLike,
    byteOffset: number,
    copy: boolean,
    depth: number,
  ): MessageValue | undefined;
}

export interface Judge extends Decoder {
  start(): void;
  /** 0: not canonical, 1: with extensions, 2: canonical. */
  canonicity(): 0 | 1 | 2;
}

/** The functions of one message. */
export interface Generated {
  encoder(): Encoder;
  segmenter(): Segmenter;
  decoder(): Decoder;
  judge(): Judge;
}

/** Payloads below are copied: a part of a vectored write has its price too. */
export const SEGMENT_MIN = 1024;

export type Part = keyof Generated;
export const PARTS: readonly Part[] = ["encoder", "segmenter", "decoder", "judge"];

/** The body of a function of the helpers `H`. */
export function textOf(part: Part, shape: MessageShape, limits: Limits): string {
  switch (part) {
    case "encoder":
      return encoderText(shape, { limits });
    case "segmenter":
      return encoderText(shape, { limits, byReference: SEGMENT_MIN });
    case "decoder":
      return decoderText(shape, { limits, notesCanonicity: false });
    case "judge":
      return decoderText(shape, { limits, notesCanonicity: true });
  }
}

export type Helpers = Readonly<Record<string, unknown>>;
export type Linker = (part: Part, helpers: Helpers) => unknown;

/** Compiles at run time. */
export function generate(shape: MessageShape, limits: Limits): Generated {
  return linked(shape, limits, (part, helpers) => {
    // The one place where text becomes code: it is made of a schema, whose names are checked, and of nothing else.
    const make = new Function("H", textOf(part, shape, limits));
    return make(helpers);
  });
}

export function linked(shape: MessageShape, limits: Limits, link: Linker): Generated {
  const made = new Map<Part, unknown>();
  let helpers: Helpers | undefined;
  const of = <T>(part: Part): T => {
    const known = made.get(part);
    if (known !== undefined) return known as T;
    helpers ??= runtimeOf(shape, limits);
    const functions = link(part, helpers);
    made.set(part, functions);
    return functions as T;
  };
  return {
    encoder: () => of("encoder"),
    segmenter: () => of("segmenter"),
    decoder: () => of("decoder"),
    judge: () => of("judge"),
  };
}

let allowed: boolean | undefined;

/** False where a content security policy or a flag forbids it. */
export function mayGenerate(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function("return true")() === true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}
