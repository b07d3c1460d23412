/**
 * A codec by generated code. The code handles what is in order; whatever it gives up on is done again
 * by the interpreter, which either succeeds or throws the error. So both agree by construction wherever
 * the code does not accept, and property tests compare them where it does.
 */
import type { Codec, DecodeOptions, MessageValue } from "../format.ts";
import type { Limits } from "../limits.ts";
import type { Helpers } from "./runtime.ts";
import {
  giveScratch,
  rawBytes,
  renewSlab,
  SLAB_IN_USE,
  type Slab,
  SMALL_MAX,
  takeScratch,
} from "./slab.ts";
import { BYTES_EACH } from "./text.ts";

/** One direction's text: statements, and the function in them that does the work. */
export interface GeneratedText {
  readonly text: string;
  /** Encoding: an expression of `b`, `p` and the value `v`. Decoding: of `b`, `e` and the wish for copies `l`. */
  readonly call: string;
}

export interface Generation {
  readonly limits: Limits;
  readonly interpreter: Codec;
  /**
   * The position behind the value, or -1. `byReference`: payloads of so many bytes are left out, and
   * `C.push(p, payload); X += payload.length` says where they belong.
   */
  encoder(byReference: number | undefined): GeneratedText;
  /** The value, or undefined. */
  decoder(): GeneratedText;
  helpers(): Helpers;
}

/** What generated code turns to when something is large, out of room or wrong. */
interface Host {
  readonly smallMax: number;
  readonly lengthMax: number;
  /** The last result was large, so the next one is expected to be. */
  isLarge: boolean;
  encodeLarge(value: MessageValue): Uint8Array<ArrayBuffer>;
  encodeSlowly(value: MessageValue): Uint8Array<ArrayBuffer>;
  decodeSlowly(bytes: Uint8Array, options: DecodeOptions | undefined): MessageValue;
}

type Encode = Codec["encode"];
type Decode = Codec["decode"];
/** For large values. May throw. */
interface LargeEncoder {
  write(value: MessageValue, b: Uint8Array): number;
  cuts(): readonly (number | Uint8Array)[];
  extra(): number;
}

/** Smaller payloads are copied twice: keeping account of them costs as much. */
const BY_REFERENCE_MIN = 16 * 1024;

export class GeneratedCodec implements Codec {
  readonly #generation: Generation;
  readonly #host: SlowHost;
  #helpers: Helpers | undefined;

  /** Properties, not methods: linked code takes their place at the first call, and is called without a detour. */
  encode: Encode = (value) => {
    this.encode = this.#link<Encode>(encoderText(this.#generation.encoder(undefined)));
    return this.encode(value);
  };
  decode: Decode = (bytes, options) => {
    this.decode = this.#link<Decode>(decoderText(this.#generation.decoder()));
    return this.decode(bytes, options);
  };

  constructor(generation: Generation) {
    this.#generation = generation;
    const makeLarge = () =>
      this.#link<LargeEncoder>(largeEncoderText(generation.encoder(BY_REFERENCE_MIN)));
    this.#host = new SlowHost(generation, makeLarge);
  }

  #link<T>(text: string): T {
    this.#helpers ??= this.#generation.helpers();
    // The one place where text becomes code. It holds nothing of a schema but numbers and quoted names.
    const make = new Function("H", "K", "S", text) as (h: Helpers, k: Host, s: Slab) => T;
    return make(this.#helpers, this.#host, SLAB_IN_USE);
  }
}

/** All of the slab is taken while it is written to, because a getter of the value may encode something, too. */
function encoderText({ text, call }: GeneratedText): string {
  return `"use strict";
${text}
return function encode(v) {
if (K.isLarge) return K.encodeLarge(v);
const s = S.used, b = S.bytes; let p = s;
S.used = b.length;
try { p = ${call}; } catch { p = -1; }
if (p < 0 || p - s > K.smallMax) { if (S.bytes === b) S.used = s; return K.encodeSlowly(v); }
if (S.bytes === b) S.used = p;
return new Uint8Array(b.buffer, s, p - s);
};`;
}

function largeEncoderText({ text, call }: GeneratedText): string {
  return `"use strict";
let X = 0, C = [];
${text}
return { write(v, b) { const p = 0; X = 0; C = []; return ${call}; }, cuts: () => C, extra: () => X };`;
}

function decoderText({ text, call }: GeneratedText): string {
  return `"use strict";
${text}
return function decode(b, t) {
const e = b.length, l = t?.copy === true; let v;
if (e <= K.lengthMax) try { v = ${call}; } catch {}
return v === undefined ? K.decodeSlowly(b, t) : v;
};`;
}

class SlowHost implements Host {
  readonly smallMax: number;
  readonly lengthMax: number;
  isLarge = false;
  readonly #interpreter: Codec;
  readonly #makeLarge: () => LargeEncoder;
  #large: LargeEncoder | undefined;
  #room = ROOM_MIN;
  #isBusy = false;

  constructor({ limits: { lengthMax }, interpreter }: Generation, makeLarge: () => LargeEncoder) {
    this.smallMax = Math.min(SMALL_MAX, lengthMax);
    this.lengthMax = lengthMax;
    this.#interpreter = interpreter;
    this.#makeLarge = makeLarge;
  }

  /** Into the scratch buffer, and copied out exactly; large payloads straight to their place. */
  encodeLarge(value: MessageValue): Uint8Array<ArrayBuffer> {
    if (this.#isBusy) return this.#interpreter.encode(value); // Called by a getter of a value like this one.
    this.#large ??= this.#makeLarge();
    this.#isBusy = true;
    const scratch = takeScratch(this.#room);
    let end = -1;
    try {
      end = this.#large.write(value, scratch);
    } catch {
      // The interpreter tells what is wrong.
    }
    this.#isBusy = false;
    giveScratch(scratch);
    const length = end + this.#large.extra();
    if (end < 0 || length > this.lengthMax) return this.#interpreted(value);
    this.isLarge = length > SMALL_MAX;
    return assembled(scratch, end, length, this.#large.cuts());
  }

  /** The slab may have been full; then a new one is what was needed. */
  encodeSlowly(value: MessageValue): Uint8Array<ArrayBuffer> {
    renewSlab();
    return this.encodeLarge(value);
  }

  /** So that whatever is wrong shows; and if it was the room, there will be more the next time. */
  #interpreted(value: MessageValue): Uint8Array<ArrayBuffer> {
    this.isLarge = false;
    const bytes = this.#interpreter.encode(value);
    this.isLarge = bytes.byteLength > SMALL_MAX;
    const enough = BYTES_EACH * bytes.byteLength + ROOM_MIN;
    this.#room = Math.max(this.#room, Math.min(2 * this.#room, enough));
    return bytes;
  }

  decodeSlowly(bytes: Uint8Array, options: DecodeOptions | undefined): MessageValue {
    return this.#interpreter.decode(bytes, options);
  }
}

const ROOM_MIN = 64 * 1024;

function assembled(
  scratch: Uint8Array<ArrayBuffer>,
  end: number,
  length: number,
  cuts: readonly (number | Uint8Array)[],
): Uint8Array<ArrayBuffer> {
  if (cuts.length === 0) return scratch.slice(0, end);
  const bytes = rawBytes(length);
  let from = 0;
  let to = 0;
  for (let at = 0; at < cuts.length; at += 2) {
    const cut = cuts[at] as number;
    const payload = cuts[at + 1] as Uint8Array;
    bytes.set(scratch.subarray(from, cut), to);
    to += cut - from;
    bytes.set(payload, to);
    to += payload.length;
    from = cut;
  }
  bytes.set(scratch.subarray(from, end), to);
  return bytes;
}
