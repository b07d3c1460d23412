/**
 * The Bilrost format as a schema interpreter. `decode` is the relaxed mode, which takes anything that
 * can be read; the distinguished mode says beside the value how canonical its bytes were, and a minimum
 * turns the first thing below it into an error.
 */
import { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { DecodeError, EncodeError, located } from "../errors.ts";
import type { Codec, DecodeOptions, Format, MessageValue } from "../format.ts";
import type { Limits } from "../limits.ts";
import type { MessageShape } from "../schema/shape.ts";
import { plainBytes } from "../text.ts";
import { compileMessage } from "./interpreter/compile.ts";
import { type Canonicity, Decoding } from "./interpreter/decoding.ts";
import { Encoding } from "./interpreter/encoding.ts";
import type { MessageCodec } from "./interpreter/message.ts";
import { readLength } from "./interpreter/wire.ts";
import { varintLength, writeVarint } from "./varint.ts";

export interface DistinguishedOptions extends DecodeOptions {
  /** Anything less canonical is refused: `NotCanonical` or `UnknownField`. Default: nothing is. */
  readonly minimum?: Canonicity;
}

export interface Distinguished {
  readonly value: MessageValue;
  readonly canonicity: Canonicity;
}

export interface DelimitedMessage extends Distinguished {
  /** Bytes of the frame; what follows belongs to someone else. */
  readonly consumed: number;
}

export interface BilrostCodec extends Codec {
  decodeDistinguished(bytes: Uint8Array, options?: DistinguishedOptions): Distinguished;
  /** The body behind its length, as in a stream of messages. */
  encodeDelimited(value: MessageValue): Uint8Array;
  decodeDelimited(bytes: Uint8Array, options?: DistinguishedOptions): DelimitedMessage;
}

export interface BilrostFormat extends Format {
  readonly name: "bilrost";
  compile(shape: MessageShape, limits: Limits): BilrostCodec;
}

export const bilrost: BilrostFormat = {
  name: "bilrost",
  compile: (shape, limits) => new Interpreter(shape, limits),
};

class Interpreter implements BilrostCodec {
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

  decodeDistinguished(bytes: Uint8Array, options?: DistinguishedOptions): Distinguished {
    return this.#read(bytes, options, (decoding) => {
      const length = decoding.reader.remaining;
      if (length <= this.#limits.lengthMax) return;
      const problem = `Cannot read ${length} bytes: the limit is ${this.#limits.lengthMax}`;
      throw new DecodeError("LimitExceeded", problem, 0);
    });
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
