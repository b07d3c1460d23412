/**
 * MessagePack as string-keyed maps, written by the library everybody uses. Self-describing: names stand
 * in the bytes, so a renamed field is a different field. Enumerations are numbers, oneofs a map with
 * one key, maps a list of pairs because keys need not be text.
 */
import { DecodeError, located } from "../errors.ts";
import type { Codec, Format, MessageValue } from "../format.ts";
import type { Limits } from "../limits.ts";
import { checkLength } from "../schema/check-value.ts";
import { refuseBilrostOnly } from "../schema/common-form.ts";
import type { MessageShape } from "../schema/shape.ts";
import { plainBytes } from "../text.ts";
import { PackReader } from "./pack-reader.ts";
import { TreeEncoder } from "./raw.ts";
import { ReaderCompiler } from "./read.ts";
import { WriterCompiler } from "./write.ts";

export const messagepack: Format = { name: "msgpack", compile };

function compile(shape: MessageShape, limits: Limits): Codec {
  refuseBilrostOnly(shape, "msgpack");
  const write = new WriterCompiler().message(shape);
  const read = new ReaderCompiler().message(shape);
  const encoder = new TreeEncoder();
  const path = [shape.name];
  return {
    encode(value): Uint8Array {
      try {
        const bytes = encoder.encode(write(value, { limits, depth: 0 }));
        checkLength(bytes.length, limits);
        return bytes;
      } catch (error) {
        throw located(error, path);
      }
    },
    decode(bytes, options): MessageValue {
      const reader = new PackReader(plainBytes(bytes), limits, options?.copy === true);
      try {
        checkInputLength(bytes.length, limits);
        const value = read(reader) as MessageValue;
        if (reader.remaining === 0) return value;
        const problem = `Cannot read ${reader.remaining} bytes behind the end of the value`;
        throw new DecodeError("Malformed", problem, reader.offset);
      } catch (error) {
        throw located(error, path);
      }
    },
  };
}

function checkInputLength(length: number, { lengthMax }: Limits): void {
  if (length <= lengthMax) return;
  throw new DecodeError("LimitExceeded", `Cannot read ${length} bytes: at most ${lengthMax}`, 0);
}
