/**
 * Bilrost by generated code. The code handles what is in order; whatever it gives up on is done again by
 * the interpreter, which either succeeds or throws the error. So both engines agree by construction
 * wherever the code does not accept, and property tests compare them where it does.
 */
import type { DecodeOptions, MessageValue } from "../../format.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
import type {
  BilrostCodec,
  DelimitedMessage,
  Distinguished,
  DistinguishedOptions,
} from "../codec.ts";
import { Interpreter, noRoom, rangeOf } from "../interpreter/codec.ts";
import type { Canonicity } from "../interpreter/decoding.ts";
import type { Decoder, Encoder, Generated } from "./link.ts";
import { Room } from "./room-of-output.ts";

const CANONICITIES: readonly Canonicity[] = ["NotCanonical", "HasExtensions", "Canonical"];

export class Compiled implements BilrostCodec {
  readonly engine = "compiled";
  readonly #name: string;
  readonly #limits: Limits;
  readonly #interpreter: Interpreter;
  readonly #generated: Generated;
  readonly #room = new Room();
  #encoder: Encoder | undefined;
  #decoder: Decoder | undefined;

  constructor(shape: MessageShape, limits: Limits, generated: Generated) {
    this.#name = shape.name;
    this.#limits = limits;
    this.#interpreter = new Interpreter(shape, limits);
    this.#generated = generated;
  }

  encode(value: MessageValue): Uint8Array {
    this.#encoder ??= this.#generated.encoder();
    const { encode } = this.#encoder;
    const room = this.#room;
    const { target, offset } = room.next();
    let end = -1;
    try {
      end = encode(value, target, offset, 0);
    } catch {
      // The interpreter tells what is wrong.
    }
    if (end >= 0 && end - offset <= this.#limits.lengthMax) return room.take(end);
    return this.#encodeSlowly(value);
  }

  /** Not enough room, or something wrong, or something rare: measured first, so that all of it shows. */
  #encodeSlowly(value: MessageValue): Uint8Array {
    const bytes = this.#interpreter.encode(value);
    this.#room.expect(bytes.byteLength);
    return bytes;
  }

  encodeInto(value: MessageValue, target: Uint8Array, offset = 0): number {
    this.#encoder ??= this.#generated.encoder();
    let end = -1;
    try {
      end = this.#encoder.encode(value, target, offset, 0);
    } catch {
      // As above.
    }
    if (end >= 0 && end - offset <= this.#limits.lengthMax) return end;
    const bytes = this.#interpreter.encode(value);
    if (offset + bytes.byteLength > target.byteLength) {
      throw noRoom(this.#name, bytes.byteLength, target, offset);
    }
    target.set(bytes, offset);
    return offset + bytes.byteLength;
  }

  encodeSegments(value: MessageValue): Uint8Array[] {
    const { encode, start, cuts } = this.#generated.segmenter();
    const { target, offset } = this.#room.next();
    start();
    let end = -1;
    try {
      end = encode(value, target, offset, 0);
    } catch {
      // As above.
    }
    if (end < 0) return [this.#encodeSlowly(value)];
    const places = cuts();
    let length = end - offset;
    for (let at = 1; at < places.length; at += 2) {
      length += (places[at] as Uint8Array).byteLength;
    }
    if (length > this.#limits.lengthMax) return [this.#encodeSlowly(value)];
    return segmentsOf(this.#room.take(end), offset, places);
  }

  encodeDelimited(value: MessageValue): Uint8Array {
    return this.#interpreter.encodeDelimited(value);
  }

  decode(bytes: Uint8Array, options?: DecodeOptions): MessageValue {
    return this.decodeRange(bytes, 0, bytes.byteLength, options);
  }

  decodeRange(
    bytes: Uint8Array,
    start: number,
    end: number,
    options?: DecodeOptions,
  ): MessageValue {
    this.#decoder ??= this.#generated.decoder();
    const copy = options?.copy === true;
    if (end <= bytes.byteLength && end - start <= this.#limits.lengthMax) {
      try {
        const { decode } = this.#decoder;
        const value = decode(bytes, start, end, bytes.buffer, bytes.byteOffset, copy, 0);
        if (value !== undefined) return value;
      } catch {
        // As above.
      }
    }
    return this.#interpreter.decode(rangeOf(bytes, start, end), options);
  }

  decodeDistinguished(bytes: Uint8Array, options?: DistinguishedOptions): Distinguished {
    const end = bytes.byteLength;
    const minimum = CANONICITIES.indexOf(options?.minimum ?? "NotCanonical");
    if (end <= this.#limits.lengthMax) {
      try {
        const { decode, start, canonicity } = this.#generated.judge();
        start();
        const copy = options?.copy === true;
        const value = decode(bytes, 0, end, bytes.buffer, bytes.byteOffset, copy, 0);
        const found = canonicity();
        if (value !== undefined && found >= minimum) {
          return { value, canonicity: CANONICITIES[found] as Canonicity };
        }
      } catch {
        // As above.
      }
    }
    return this.#interpreter.decodeDistinguished(bytes, options);
  }

  decodeDelimited(bytes: Uint8Array, options?: DistinguishedOptions): DelimitedMessage {
    return this.#interpreter.decodeDelimited(bytes, options);
  }
}

/** Cuts the written bytes where payloads belong. `head` begins at `offset` of the buffer it was written into. */
function segmentsOf(
  head: Uint8Array,
  offset: number,
  cuts: readonly (number | Uint8Array)[],
): Uint8Array[] {
  if (cuts.length === 0) return [head];
  const { buffer, byteOffset, byteLength } = head;
  const segments: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at < cuts.length; at += 2) {
    const to = (cuts[at] as number) - offset;
    segments.push(new Uint8Array(buffer, byteOffset + from, to - from), cuts[at + 1] as Uint8Array);
    from = to;
  }
  if (from < byteLength) segments.push(new Uint8Array(buffer, byteOffset + from, byteLength - from));
  return segments;
}

