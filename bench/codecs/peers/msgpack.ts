/** @msgpack/msgpack. Its `encode` copies; a reused encoder's `encodeSharedRef` shows the bytes in place. */
import { Decoder, decode, Encoder, encode } from "@msgpack/msgpack";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";

const FORM: Form = { ...OUR_FORM, enumeration: "number", map: "object", absent: "omitted" };
const SCRATCH_BYTES = 1 << 20;

export function contenders(): Contender[] {
  return [tuned(), documented()];
}

function tuned(): Contender {
  const encoder = new Encoder({ initialBufferSize: SCRATCH_BYTES });
  const decoder = new Decoder();
  let last = new Uint8Array(0);
  return {
    name: "@msgpack/msgpack",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "numbers, rounded above 2^53; payloads are views; no schema",
    owned: (value) => {
      const view = encoder.encodeSharedRef(value);
      const bytes = Buffer.allocUnsafe(view.length);
      bytes.set(view);
      return bytes;
    },
    view: (value) => encoder.encodeSharedRef(value),
    into: (value) => {
      last = encoder.encodeSharedRef(value);
      return last.length;
    },
    target: () => last,
    decode: (bytes: Uint8Array) => decoder.decode(bytes),
  };
}

function documented(): Contender {
  return {
    name: "@msgpack/msgpack",
    group: "peer",
    way: "documented",
    form: FORM,
    owned: (value) => encode(value),
    decode: (bytes: Uint8Array) => decode(bytes),
  };
}
