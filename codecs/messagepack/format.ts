/**
 * MessagePack as string-keyed maps. Self-describing: names stand in the bytes, so a renamed field is a
 * different field. Enumerations are numbers, oneofs a map with one key, maps a list of pairs because
 * keys need not be text. The interpreter writes by the library everybody uses; generated code does what
 * is usual without it, and leaves the rest to the interpreter.
 */

import { plainBytes } from "../bytes.ts";
import { DecodeError, located } from "../errors.ts";
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
import { PackReader } from "./pack-reader.ts";
import { TreeEncoder } from "./raw.ts";
import { ReaderCompiler } from "./read.ts";
import { WriterCompiler } from "./write.ts";

export const messagepack: Format = { name: "msgpack", compile };

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
  refuseBilrostOnly(shape, "msgpack");
  const write = new WriterCompiler().message(shape);
  const read = new ReaderCompiler().message(shape);
  const encoder = new TreeEncoder();
  const path = [shape.name];
  return {
    encode(value): Uint8Array<ArrayBuffer> {
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
