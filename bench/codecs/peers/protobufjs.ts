/**
 * protobufjs with static code. The `long` package is switched off, as its readme allows, so that u64
 * is a number: with Longs it keeps 64 bits and is slower.
 */
import protobufjs from "protobufjs/minimal.js";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";
import type { Type } from "./generated/protobufjs.js";

const FORM: Form = { ...OUR_FORM, enumeration: "number", map: "object", absent: "null" };

export async function contenders(message: MessageName): Promise<Contender[]> {
  (protobufjs.util as { Long: unknown }).Long = null;
  protobufjs.configure();
  const generated = await import("./generated/protobufjs.js");
  return [tuned(generated[message]), documented(generated[message])];
}

function tuned(type: Type): Contender {
  const writer = new protobufjs.Writer();
  const reader = new protobufjs.Reader(new Uint8Array(0));
  return {
    name: "protobufjs",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "numbers, rounded above 2^53; payloads are views",
    owned: (value) => {
      writer.pos = 0;
      type.encode(value, writer);
      const { buf, pos } = writer;
      const bytes = Buffer.allocUnsafe(pos);
      bytes.set(new Uint8Array(buf.buffer, buf.byteOffset, pos));
      return bytes;
    },
    view: (value) => {
      writer.pos = 0;
      return type.encode(value, writer).finish(true);
    },
    into: (value) => {
      writer.pos = 0;
      return type.encode(value, writer).pos;
    },
    target: () => writer.buf,
    decode: (bytes: Uint8Array) => {
      reader.buf = bytes;
      reader.pos = 0;
      reader.len = bytes.length;
      return type.decode(reader);
    },
    range: (chunk: Uint8Array, start, end) => {
      reader.buf = chunk;
      reader.pos = start;
      reader.len = end;
      return type.decode(reader);
    },
  };
}

function documented(type: Type): Contender {
  return {
    name: "protobufjs",
    group: "peer",
    way: "documented",
    form: FORM,
    owned: (value) => type.encode(value).finish(),
    decode: (bytes: Uint8Array) => type.decode(bytes),
  };
}
