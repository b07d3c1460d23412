/**
 * Bilrost by generated code. The code handles what is in order; whatever it gives up on is done again by
 * the interpreter, which either succeeds or throws the error. So both engines agree by construction
 * wherever the code does not accept, and property tests compare them where it does.
 */
import { ByteReader } from "../../byte-reader.ts";
import { ByteWriter } from "../../byte-writer.ts";
import type { DecodeOptions, MessageValue } from "../../format.ts";
import type { Helpers } from "../../generation/runtime.ts";
import {
  giveScratch,
  rawBytes,
  renewSlab,
  SLAB_IN_USE,
  SMALL_MAX,
  takeScratch,
} from "../../generation/slab.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
import type {
  BilrostCodec,
  DelimitedMessage,
  Distinguished,
  DistinguishedOptions,
} from "../codec.ts";
import { Interpreter, rangeOf } from "../interpreter/codec.ts";
import type { Canonicity } from "../interpreter/decoding.ts";
import { readVarint, varintLength, writeVarint } from "../varint.ts";
import type { Decoder, Encoder, Host, Linker, Parts, Segmenter } from "./link.ts";
import { runtimeOf } from "./runtime.ts";

const CANONICITIES: readonly Canonicity[] = ["NotCanonical", "HasExtensions", "Canonical"];

export class Compiled implements BilrostCodec {
  readonly engine = "compiled";
  readonly #parts = new Map<keyof Parts, unknown>();
  readonly #link: Linker;
  readonly #interpreter: Interpreter;
  readonly #host: SlowHost;
  readonly #makeHelpers: () => Helpers;
  #helpers: Helpers | undefined;

  /** Properties, not methods: linked code takes their place, and is called without a detour. */
  encode: Encoder["encode"] = (value) => {
    this.encode = this.#part("encoder").encode;
    return this.encode(value);
  };
  encodeInto: Encoder["encodeInto"] = (value, target, offset) => {
    this.encodeInto = this.#part("encoder").encodeInto;
    return this.encodeInto(value, target, offset);
  };
  encodeSegments: Segmenter["encodeSegments"] = (value) => {
    this.encodeSegments = this.#part("segmenter").encodeSegments;
    return this.encodeSegments(value);
  };
  decode: Decoder["decode"] = (bytes, options) => {
    this.decode = this.#part("decoder").decode;
    return this.decode(bytes, options);
  };
  decodeRange: Decoder["decodeRange"] = (bytes, start, end, options) => {
    this.decodeRange = this.#part("decoder").decodeRange;
    return this.decodeRange(bytes, start, end, options);
  };

  constructor(shape: MessageShape, limits: Limits, link: Linker) {
    this.#interpreter = new Interpreter(shape, limits);
    this.#link = link;
    this.#makeHelpers = () => runtimeOf(shape, limits);
    const write: Encoder["write"] = (...args) => this.#part("encoder").write(...args);
    this.#host = new SlowHost(limits.lengthMax, this.#interpreter, write);
  }

  encodeDelimited(value: MessageValue): Uint8Array<ArrayBuffer> {
    const body = this.encode(value);
    const writer = new ByteWriter(varintLength(body.byteLength) + body.byteLength);
    writeVarint(writer, body.byteLength);
    writer.bytes(body);
    return writer.finish();
  }

  decodeDistinguished(bytes: Uint8Array, options?: DistinguishedOptions): Distinguished {
    return this.#judged(bytes, options) ?? this.#interpreter.decodeDistinguished(bytes, options);
  }

  decodeDelimited(bytes: Uint8Array, options?: DistinguishedOptions): DelimitedMessage {
    const frame = frameOf(bytes);
    const found = frame && this.#judged(frame.body, options);
    if (found === undefined) return this.#interpreter.decodeDelimited(bytes, options);
    return { ...found, consumed: frame?.consumed ?? 0 };
  }

  /** Undefined when the code gave up, or the bytes are less canonical than asked for. */
  #judged(bytes: Uint8Array, options?: DistinguishedOptions): Distinguished | undefined {
    const { judge, canonicity } = this.#part("judge");
    const value = judge(bytes, options?.copy === true);
    if (value === undefined) return undefined;
    const found = canonicity();
    const minimum = CANONICITIES.indexOf(options?.minimum ?? "NotCanonical");
    return found < minimum ? undefined : { value, canonicity: CANONICITIES[found] as Canonicity };
  }

  #part<P extends keyof Parts>(part: P): Parts[P] {
    const known = this.#parts.get(part);
    if (known !== undefined) return known as Parts[P];
    this.#helpers ??= this.#makeHelpers();
    const made = this.#link(part, this.#helpers, this.#host, SLAB_IN_USE);
    this.#parts.set(part, made);
    return made;
  }
}

/** The first message of a stream, if it is all there. */
function frameOf(bytes: Uint8Array): { body: Uint8Array; consumed: number } | undefined {
  const reader = new ByteReader(bytes);
  try {
    const length = Number(readVarint(reader));
    const start = reader.offset;
    if (length > reader.remaining) return undefined;
    return { body: bytes.subarray(start, start + length), consumed: start + length };
  } catch {
    return undefined;
  }
}

/** Where generated code turns when something is large, out of room or wrong. */
class SlowHost implements Host {
  isLarge = false;
  readonly lengthMax: number;
  readonly smallMax: number;
  readonly #interpreter: Interpreter;
  readonly #write: Encoder["write"];
  #expected = 0;

  constructor(lengthMax: number, interpreter: Interpreter, write: Encoder["write"]) {
    this.lengthMax = lengthMax;
    this.smallMax = Math.min(SMALL_MAX, lengthMax);
    this.#interpreter = interpreter;
    this.#write = write;
  }

  /** Into the scratch buffer, and copied out exactly. */
  encodeLarge(value: MessageValue): Uint8Array<ArrayBuffer> {
    const target = takeScratch(this.#expected);
    let end = -1;
    try {
      end = this.#write(value, target, 0);
    } catch {
      // The interpreter tells what is wrong.
    }
    giveScratch(target);
    if (end < 0 || end > this.lengthMax) return this.#measured(value);
    if (end <= SMALL_MAX) this.isLarge = false;
    const bytes = rawBytes(end);
    bytes.set(target.subarray(0, end));
    return bytes;
  }

  /** The slab may have been full; then a new one is what was needed. */
  encodeSlowly(value: MessageValue): Uint8Array<ArrayBuffer> {
    const { used, bytes } = SLAB_IN_USE;
    if (bytes.byteLength - used < SMALL_MAX) renewSlab();
    this.isLarge = true;
    return this.encodeLarge(value);
  }

  /** Measured first, so that whatever is wrong shows, and so that the next one of this size has room. */
  #measured(value: MessageValue): Uint8Array<ArrayBuffer> {
    const bytes = this.#interpreter.encode(value);
    this.isLarge = bytes.byteLength > SMALL_MAX;
    this.#expected = Math.max(this.#expected, 2 * bytes.byteLength + SMALL_MAX);
    return bytes;
  }

  encodeIntoSlowly(value: MessageValue, target: Uint8Array, offset: number): number {
    return this.#interpreter.encodeInto(value, target, offset);
  }

  encodeSegmentsSlowly(value: MessageValue): Uint8Array[] {
    return [this.encodeSlowly(value)];
  }

  /** Cuts what was written to the slab where payloads belong. */
  segments(
    buffer: ArrayBufferLike,
    start: number,
    end: number,
    cuts: readonly (number | Uint8Array)[],
  ): Uint8Array[] {
    const segments: Uint8Array[] = [];
    let from = start;
    for (let at = 0; at < cuts.length; at += 2) {
      const to = cuts[at] as number;
      segments.push(new Uint8Array(buffer, from, to - from), cuts[at + 1] as Uint8Array);
      from = to;
    }
    if (from < end || segments.length === 0) {
      segments.push(new Uint8Array(buffer, from, end - from));
    }
    return segments;
  }

  decodeSlowly(
    bytes: Uint8Array,
    start: number,
    end: number,
    options: DecodeOptions | undefined,
  ): MessageValue {
    return this.#interpreter.decode(rangeOf(bytes, start, end), options);
  }
}
