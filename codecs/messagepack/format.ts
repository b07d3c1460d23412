/**
 * MessagePack as string-keyed maps, by the library everybody uses. Self-describing: names stand in
 * the bytes, so a renamed field is a different field. Enumerations are numbers, oneofs a map with
 * one key, maps a list of pairs because keys need not be text.
 */
import { Decoder, Encoder } from "@msgpack/msgpack";
import { DecodeError, EncodeError } from "../errors.ts";
import type { Codec, Format, MessageValue } from "../format.ts";
import type { Limits } from "../limits.ts";
import type { MessageShape } from "../schema/shape.ts";
import { compileMessage as compileReader, decodeErrorAt, Mismatch } from "./read.ts";
import { checkMessagePack } from "./scan.ts";
import { compileMessage as compileWriter } from "./write.ts";

export const messagepack: Format = { name: "msgpack", compile };

/** Deep enough for any value within the limits: the library counts each array and map. */
const LIBRARY_DEPTH = 10_000;

function compile(shape: MessageShape, limits: Limits): Codec {
  const write = compileWriter(shape, new Map());
  const read = compileReader(shape, new Map());
  const encoder = new Encoder({ useBigInt64: true, maxDepth: LIBRARY_DEPTH });
  const decoder = new Decoder({ useBigInt64: true });
  return {
    encode(value: MessageValue): Uint8Array {
      const bytes = encoder.encode(write(value, { path: [shape.name], limits, depth: 0 }));
      if (bytes.length <= limits.lengthMax) return bytes;
      throw new EncodeError("LimitExceeded", `${bytes.length} bytes, at most ${limits.lengthMax}`, [
        shape.name,
      ]);
    },
    decode(bytes, options) {
      try {
        checkMessagePack(bytes, limits);
        const copy = options?.copy === true;
        return read(decoder.decode(bytes), {
          bytes,
          copy,
          limits,
          path: [],
          depth: 0,
        }) as MessageValue;
      } catch (error) {
        throw asDecodeError(error, shape, bytes);
      }
    },
  };
}

function asDecodeError(error: unknown, shape: MessageShape, bytes: Uint8Array): DecodeError {
  if (error instanceof Mismatch) return decodeErrorAt(error, shape, bytes);
  if (error instanceof DecodeError) {
    return new DecodeError(error.code, error.problem, error.offset, [shape.name]);
  }
  // The scan accepts nothing that the library refuses but the key "__proto__".
  return new DecodeError("Malformed", error instanceof Error ? error.message : String(error), 0, [
    shape.name,
  ]);
}
