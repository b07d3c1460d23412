/** FlatBuffers: decoding makes an accessor, so what is timed is the reading of every field. */
import { Builder, ByteBuffer } from "flatbuffers";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";
import { ACCESSORS, type Accessors } from "./flatbuffers-messages.ts";
import { Entry } from "./generated/flatbuffers.js";

const FORM: Form = { ...OUR_FORM, integer: "bigint", enumeration: "number" };
const SCRATCH_BYTES = 1 << 20;

export function contenders(message: MessageName): Contender[] {
  return [tuned(ACCESSORS[message]), documented(ACCESSORS[message])];
}

function tuned({ build, root, read, unwrap }: Accessors): Contender {
  const builder = new Builder(SCRATCH_BYTES);
  const copyBytes = (into: Builder, bytes: Uint8Array) => into.createByteVector(bytes);
  return {
    name: "flatbuffers",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "bigints of 64 bits; payloads are views; aligned, with a table of offsets per message",
    owned: (value) => {
      builder.clear();
      builder.finish(build(builder, value, copyBytes));
      const view = builder.asUint8Array();
      const bytes = Buffer.allocUnsafe(view.length);
      bytes.set(view);
      return bytes;
    },
    view: (value) => {
      builder.clear();
      builder.finish(build(builder, value, copyBytes));
      return builder.asUint8Array();
    },
    into: (value) => {
      builder.clear();
      builder.finish(build(builder, value, copyBytes));
      return builder.offset();
    },
    target: () => builder.asUint8Array(),
    decode: (bytes: Uint8Array) => root(new ByteBuffer(bytes)),
    read,
    unwrap,
  };
}

function documented({ build, root, read, unwrap }: Accessors): Contender {
  return {
    name: "flatbuffers",
    group: "peer",
    way: "documented",
    form: FORM,
    owned: (value) => {
      const builder = new Builder(1024);
      builder.finish(build(builder, value, Entry.createPayloadVector));
      return builder.asUint8Array();
    },
    decode: (bytes: Uint8Array) => root(new ByteBuffer(bytes)),
    read,
    unwrap,
  };
}
