/**
 * Lets bytes that are MessagePack already stand in a tree that the library writes: fields nobody
 * understood go back exactly as they came. The library has no door for that, so they pass as
 * extensions, whose heads are cut out afterwards; MessagePack containers count items, not bytes, so
 * nothing around them changes.
 */
import { Encoder, ExtData } from "@msgpack/msgpack";

/** One whole value. */
export class Raw {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** What the library writes before a body it was given as a function: kind, four bytes of length, type. */
const HEAD_LENGTH = 6;
/** Deep enough for any value within the limits: the library counts each array and map. */
const LIBRARY_DEPTH = 10_000;
/** The library keeps its buffer; after a larger value it is let go. */
const KEPT_BYTES_MAX = 1024 * 1024;

export class TreeEncoder {
  /** Where raw bodies begin in what the library writes now. */
  #raws: number[] = [];
  #encoder: Encoder = this.#newEncoder();

  encode(tree: unknown): Uint8Array<ArrayBuffer> {
    this.#raws = [];
    const bytes = this.#encoder.encode(tree);
    if (bytes.length > KEPT_BYTES_MAX) this.#encoder = this.#newEncoder();
    return this.#raws.length === 0 ? bytes : cutHeads(bytes, this.#raws);
  }

  #newEncoder(): Encoder {
    return new Encoder({
      useBigInt64: true,
      maxDepth: LIBRARY_DEPTH,
      extensionCodec: {
        tryToEncode: (value) => (value instanceof Raw ? this.#pass(value) : null),
        decode: () => undefined,
      },
    });
  }

  #pass({ bytes }: Raw): ExtData {
    return new ExtData(0, (start) => {
      this.#raws.push(start);
      return bytes;
    });
  }
}

function cutHeads(bytes: Uint8Array, raws: readonly number[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length - HEAD_LENGTH * raws.length);
  let from = 0;
  let to = 0;
  for (const start of raws) {
    const before = bytes.subarray(from, start - HEAD_LENGTH);
    result.set(before, to);
    to += before.length;
    from = start;
  }
  result.set(bytes.subarray(from), to);
  return result;
}
