/**
 * Protocol Buffers (proto3), on the reader and writer of the library everybody uses. What is odd about
 * it: nothing on the wire says how a number is meant, a repeated field replaces or merges, lists come
 * packed or not, and an enumeration is an int32.
 */
import { Writer } from "protobufjs/minimal.js";
import { located } from "../errors.ts";
import type { Codec, Format, MessageValue } from "../format.ts";
import type { Limits } from "../limits.ts";
import { checkLength } from "../schema/check-value.ts";
import { refuseBilrostOnly } from "../schema/common-form.ts";
import type { MessageShape } from "../schema/shape.ts";
import { plainBytes } from "../text.ts";
import { ReaderCompiler } from "./read.ts";
import { WireReader } from "./wire-reader.ts";
import { WriterCompiler } from "./write.ts";

export const protobuf: Format = { name: "protobuf", compile };

function compile(shape: MessageShape, limits: Limits): Codec {
  refuseBilrostOnly(shape, "protobuf");
  const messageWriter = new WriterCompiler().message(shape);
  const messageReader = new ReaderCompiler().message(shape);
  const path = [shape.name];
  return {
    encode(value): Uint8Array {
      // Not `Writer.create()`: that one gives Buffers where there are any.
      const writer = new Writer();
      try {
        messageWriter.writeBody(value, { writer, limits, depth: 0 });
        checkLength(writer.pos, limits);
      } catch (error) {
        throw located(error, path);
      }
      return writer.finish();
    },
    decode(bytes, options): MessageValue {
      const reader = new WireReader(plainBytes(bytes), limits, options?.copy === true);
      try {
        reader.checkLength(bytes.length, 0);
        const draft = messageReader.empty();
        messageReader.merge(reader, draft);
        return draft;
      } catch (error) {
        throw located(error, path);
      }
    },
  };
}
