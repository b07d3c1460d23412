/**
 * Bilrost by interpretation of a shape: nothing to compile, and the judge of everything that is out of
 * the ordinary. Generated code does the same faster, and turns to this for each error.
 */
import { AssertionError } from "../../../base/index.ts";
import { ByteReader } from "../../byte-reader.ts";
import { ByteWriter } from "../../byte-writer.ts";
import { checkIsBytes, plainBytes } from "../../bytes.ts";
import { DecodeError, EncodeError, located } from "../../errors.ts";
import type { DecodeOptions, MessageValue } from "../../format.ts";
import type { Limits } from "../../limits.ts";
import type { MessageShape } from "../../schema/shape.ts";
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

  encode(value: MessageValue): Uint8Array<ArrayBuffer> {
    return this.#write(value, () => 0);
  }

  encodeInto(value: MessageValue, target: Uint8Array, offset = 0): number {
    checkIsBytes(target);
    checkOffset(offset);
    const bytes = this.encode(value);
    const end = offset + bytes.byteLength;
    if (end > target.byteLength) throw noRoom(this.#name, bytes.byteLength, target, offset);
    target.set(bytes, offset);
    return end;
  }

  encodeSegments(value: MessageValue): Uint8Array[] {
    return [this.encode(value)];
  }

  encodeDelimited(value: MessageValue): Uint8Array<ArrayBuffer> {
    return this.#write(value, varintLength);
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

  /** `prefixLength`: bytes of the length that is to stand before the body, none when 0. */
  #write(value: MessageValue, prefixLength: (length: number) => number): Uint8Array<ArrayBuffer> {
    try {
      const encoding = new Encoding(this.#limits);
      const length = this.#message.measureBody(value, encoding);
      if (length > this.#limits.lengthMax) throw tooLong(length, this.#limits);
      const total = prefixLength(length) + length;
      const writer = new ByteWriter(total);
      if (total > length) writeVarint(writer, length);
      this.#message.writeBody(writer, encoding);
      if (writer.offset === total) return writer.finish();
      throw new EncodeError("InvalidValue", "Cannot read the value: it changed meanwhile");
    } catch (error) {
      throw located(blamed(error), [this.#name]);
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

function tooLong(length: number, { lengthMax }: Limits): EncodeError {
  return new EncodeError(
    "LimitExceeded",
    `Cannot encode ${length} bytes: the limit is ${lengthMax}`,
  );
}

/** Getters and proxies may throw anything: that is the value's fault too. A broken assertion is ours. */
function blamed(error: unknown): unknown {
  try {
    if (error instanceof EncodeError || error instanceof AssertionError) return error;
    const shown = error instanceof Error ? error.message : typeof error;
    return new EncodeError("InvalidValue", `Cannot read the value: ${shown}`);
  } catch {
    return new EncodeError("InvalidValue", "Cannot read the value: it throws");
  }
}

/** Throws `RangeError`: a mistake of the caller, as in `rangeOf`. */
function checkOffset(offset: number): void {
  if (Number.isInteger(offset) && offset >= 0) return;
  throw new RangeError(`Cannot write from ${shown(offset)} on: a place in the target needed`);
}

function shown(place: unknown): string {
  return typeof place === "number" ? String(place) : typeof place;
}

/** Throws `RangeError` for a range that the buffer does not have: a mistake of the caller, not of the bytes. */
export function rangeOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const own = plainBytes(bytes);
  const isRange = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end;
  if (isRange && end <= own.byteLength) return own.subarray(start, end);
  throw new RangeError(`Cannot read bytes ${shown(start)} to ${shown(end)} of ${own.byteLength}`);
}

function noRoom(name: string, length: number, target: Uint8Array, offset: number): EncodeError {
  const problem = `Cannot encode ${length} bytes: the target has ${target.byteLength - offset} from ${offset} on`;
  return new EncodeError("LimitExceeded", problem, [name]);
}
