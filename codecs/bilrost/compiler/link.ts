/** Turns generated text into functions, each kind when it is first asked for. */
import type { DecodeOptions, MessageValue } from "../../format.ts";
import type { Helpers } from "../../generation/runtime.ts";
import type { Slab } from "../../generation/slab.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
import type { Batch, ColumnPlan, ColumnReader } from "../columns/batch.ts";
import { BatchStorage } from "../columns/storage.ts";
import { columnsText } from "./columns-code.ts";
import { decoderText } from "./decode-code.ts";
import { encoderText } from "./encode-code.ts";
import { runtimeOf } from "./runtime.ts";

/** What generated code turns to when it gives up, or when a result is large. */
export interface Host {
  readonly lengthMax: number;
  /** Bytes of a result that may be handed out without another look. */
  readonly smallMax: number;
  /** The last result was large, so the next one is expected to be. */
  isLarge: boolean;
  encodeLarge(value: MessageValue): Uint8Array<ArrayBuffer>;
  encodeSlowly(value: MessageValue): Uint8Array<ArrayBuffer>;
  encodeIntoSlowly(value: MessageValue, target: Uint8Array, offset: number): number;
  encodeSegmentsSlowly(value: MessageValue): Uint8Array[];
  segments(
    buffer: ArrayBufferLike,
    start: number,
    end: number,
    cuts: readonly (number | Uint8Array)[],
  ): Uint8Array[];
  decodeSlowly(
    bytes: Uint8Array,
    start: number,
    end: number,
    options: DecodeOptions | undefined,
  ): MessageValue;
}

export interface Encoder {
  encode(value: MessageValue): Uint8Array<ArrayBuffer>;
  encodeInto(value: MessageValue, target: Uint8Array, offset?: number): number;
  /** Returns the end, or -1; may throw. */
  write(value: MessageValue, target: Uint8Array, offset: number): number;
}

export interface Segmenter {
  encodeSegments(value: MessageValue): Uint8Array[];
}

export interface Decoder {
  decode(bytes: Uint8Array, options?: DecodeOptions): MessageValue;
  decodeRange(bytes: Uint8Array, start: number, end: number, options?: DecodeOptions): MessageValue;
}

export interface Judge {
  /** Undefined when it gave up. */
  judge(bytes: Uint8Array, copy: boolean): MessageValue | undefined;
  /** Of the bytes judged last. 0: not canonical, 1: with extensions, 2: canonical. */
  canonicity(): 0 | 1 | 2;
}

export interface Parts {
  readonly encoder: Encoder;
  readonly segmenter: Segmenter;
  readonly decoder: Decoder;
  readonly judge: Judge;
}

/** Payloads below are copied: a part of a vectored write has its price too. */
export const SEGMENT_MIN = 1024;

export const PARTS: readonly (keyof Parts)[] = ["encoder", "segmenter", "decoder", "judge"];

/** The body of a function of the helpers `H`, the host `K` and the slab `S`. */
export function textOf(part: keyof Parts, shape: MessageShape, limits: Limits): string {
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

export type Linker = <P extends keyof Parts>(
  part: P,
  helpers: Helpers,
  host: Host,
  slab: Slab,
) => Parts[P];

/** Compiles at run time. */
export function linkerOf(shape: MessageShape, limits: Limits): Linker {
  return (part, helpers, host, slab) => {
    // The one place where text becomes code. It holds nothing of a schema but numbers and quoted names.
    const make = new Function("H", "K", "S", textOf(part, shape, limits));
    return make(helpers, host, slab);
  };
}

/** A reader of columns; what it gives up on, the interpreted one reads. */
export function linkColumns(plan: ColumnPlan, interpreted: ColumnReader): ColumnReader {
  const { shape, limits } = plan;
  let read: ((bytes: Uint8Array, start: number, end: number) => Batch | undefined) | undefined;
  const decodeRange: ColumnReader["decodeRange"] = (bytes, start, end) => {
    read ??= new Function("H", "K", "S", columnsText(plan))(
      runtimeOf(shape, limits),
      undefined,
      new BatchStorage(plan.item),
    ).decodeRange as typeof read;
    return read?.(bytes, start, end) ?? interpreted.decodeRange(bytes, start, end);
  };
  return { decodeRange, decode: (bytes) => decodeRange(bytes, 0, bytes.byteLength) };
}
