/**
 * Protocol Buffers (proto3). What is odd about it: nothing on the wire says how a number is meant, a
 * repeated field replaces or merges, lists come packed or not, and an enumeration is an int32. The
 * interpreter stands on the reader and writer of the library everybody uses; generated code does what
 * is usual without either, and leaves the rest to the interpreter.
 */
import { Writer } from "protobufjs/minimal.js";
import { plainBytes } from "../bytes.ts";
import { located } from "../errors.ts";
import type { Codec, Format, MessageValue } from "../format.ts";
import { GeneratedCodec } from "../generation/generated-codec.ts";
import { canGenerate } from "../generation/plan.ts";
import { mayGenerate } from "../generation/runtime.ts";
import type { Limits } from "../limits.ts";
import { checkForm, checkLimits } from "../schema/check-form.ts";
import { checkLength } from "../schema/check-value.ts";
import { refuseBilrostOnly } from "../schema/common-form.ts";
import type { MessageShape } from "../schema/shape.ts";
import { decoderText } from "./generated/decode-code.ts";
import { encoderText } from "./generated/encode-code.ts";
import { helpersOf } from "./generated/runtime.ts";
import { ReaderCompiler } from "./read.ts";
import { WireReader } from "./wire-reader.ts";
import { WriterCompiler } from "./write.ts";

export const protobuf: Format = { name: "protobuf", compile };

function compile(shape: MessageShape, limits: Limits): Codec {
  checkForm(shape);
  checkLimits(limits);
  const interpreter = interpreterOf(shape, limits);
  if (!(mayGenerate() && canGenerate(shape, limits))) return interpreter;
  return generatedOver(interpreter, shape, limits);
}

/** The generated code with something else to turn to: tests want to see when it does. */
export function generatedOver(interpreter: Codec, shape: MessageShape, limits: Limits): Codec {
  return new GeneratedCodec({
    limits,
    interpreter,
    encoder: (byReference) => encoderText(shape, limits, byReference),
    decoder: () => decoderText(shape, limits),
    helpers: () => helpersOf(shape, limits),
  });
}

/** The slow twin, which also judges whatever the generated code gives up on. */
export function interpreterOf(shape: MessageShape, limits: Limits): Codec {
  refuseBilrostOnly(shape, "protobuf");
  const messageWriter = new WriterCompiler().message(shape);
  const messageReader = new ReaderCompiler().message(shape);
  const path = [shape.name];
  return {
    encode(value): Uint8Array<ArrayBuffer> {
      // Not `Writer.create()`: that one gives Buffers where there are any.
      const writer = new Writer();
      try {
        messageWriter.writeBody(value, { writer, limits, depth: 0 });
        checkLength(writer.pos, limits);
      } catch (error) {
        throw located(error, path);
      }
      return writer.finish() as Uint8Array<ArrayBuffer>; // Its arrays are made by `new Uint8Array`.
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
