/**
 * Bilrost by interpretation of a shape: nothing to compile, and the judge of everything that is out of
 * the ordinary. Generated code does the same faster, and turns to this for each error.
 */
import { ByteReader } from "../../byte-reader.ts";
import { ByteWriter } from "../../byte-writer.ts";
import { DecodeError, EncodeError, located } from "../../errors.ts";
import type { DecodeOptions, MessageValue } from "../../format.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
import { plainBytes } from "../../text.ts";
import type {
  BilrostCodec,
  DelimitedMessage,
  Distinguished,
  DistinguishedOptions,
} from "../codec.ts";
import { varintLength, writeVarint } from "../varint.ts";
import { compileMessage } from "./compile.ts";
import { Decoding } from "./decoding.ts";
import { Encoding } from "./encoding.ts";
import type { MessageCodec } from "./message.ts";
import { readLength } from "./wire.ts";

export class Interpreter implements BilrostCodec {
  readonly engine = "interpreted";
  readonly #name: string;
  readonly #limits: Limits;
  readonly #message: MessageCodec;

  constructor(shape: MessageShape, limits: Limits) {
    this.#name = shape.name;
    this.#limits = limits;
    this.#message = compileMessage(shape);
  }

  encode(value: MessageValue): Uint8Array {
    const encoding = new Encoding(this.#limits);
    const length = this.#measure(value, encoding);
    const writer = new ByteWriter(length);
    this.#message.writeBody(writer, encoding);
    return writer.finish();
  }

  encodeInto(value: MessageValue, target: Uint8Array, offset = 0): number {
    const encoding = new Encoding(this.#limits);
    const length = this.#measure(value, encoding);
    if (offset + length > target.byteLength) throw noRoom(this.#name, length, target, offset);
    const writer = new ByteWriter(length);
    this.#message.writeBody(writer, encoding);
    target.set(writer.finish(), offset);
    return offset + length;
  }

  encodeSegments(value: MessageValue): Uint8Array[] {
    return [this.encode(value)];
  }

  encodeDelimited(value: MessageValue): Uint8Array {
    const encoding = new Encoding(this.#limits);
    const length = this.#measure(value, encoding);
    const writer = new ByteWriter(varintLength(length) + length);
    writeVarint(writer, length);
    this.#message.writeBody(writer, encoding);
    return writer.finish();
  }

  decode(bytes: Uint8Array, options?: DecodeOptions): MessageValue {
    return this.decodeDistinguished(bytes, options).value;
  }

  decodeRange(
    bytes: Uint8Array,
    start: number,
    end: number,
    options?: DecodeOptions,
  ): MessageValue {
    return this.decode(rangeOf(bytes, start, end), options);
  }

  decodeDistinguished(bytes: Uint8Array, options?: DistinguishedOptions): Distinguished {
    const { value, canonicity } = this.#read(bytes, options, (decoding) => {
      const length = decoding.reader.remaining;
      if (length <= this.#limits.lengthMax) return;
      const problem = `Cannot read ${length} bytes: the limit is ${this.#limits.lengthMax}`;
      throw new DecodeError("LimitExceeded", problem, 0);
    });
    return { value, canonicity };
  }

  decodeDelimited(bytes: Uint8Array, options?: DistinguishedOptions): DelimitedMessage {
    return this.#read(bytes, options, (decoding) => {
      decoding.reader.narrow(readLength(decoding));
    });
  }

  #measure(value: MessageValue, encoding: Encoding): number {
    try {
      const length = this.#message.measureBody(value, encoding);
      if (length <= this.#limits.lengthMax) return length;
      const problem = `Cannot encode ${length} bytes: the limit is ${this.#limits.lengthMax}`;
      throw new EncodeError("LimitExceeded", problem);
    } catch (error) {
      throw located(error, [this.#name]);
    }
  }

  #read(
    bytes: Uint8Array,
    options: DistinguishedOptions | undefined,
    confine: (decoding: Decoding) => void,
  ): DelimitedMessage {
    const reader = new ByteReader(plainBytes(bytes));
    const copy = options?.copy ?? false;
    const minimum = options?.minimum ?? "NotCanonical";
    const decoding = new Decoding(reader, this.#limits, { copy, minimum });
    try {
      confine(decoding);
      const value = this.#message.readBody(decoding);
      return { value, canonicity: decoding.canonicity, consumed: reader.offset };
    } catch (error) {
      throw located(error, [this.#name]);
    }
  }
}

/** Throws `RangeError` for a range that the buffer does not have: a mistake of the caller, not of the bytes. */
export function rangeOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const isRange = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end;
  if (isRange && end <= bytes.byteLength) return bytes.subarray(start, end);
  throw new RangeError(`Cannot read bytes ${start} to ${end} of ${bytes.byteLength}`);
}

export function noRoom(
  name: string,
  length: number,
  target: Uint8Array,
  offset: number,
): EncodeError {
  const problem = `Cannot encode ${length} bytes: the target has ${target.byteLength - offset} from ${offset} on`;
  return new EncodeError("LimitExceeded", problem, [name]);
}
