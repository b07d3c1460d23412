/**
 * Bebop, with u64 as bigint. Everything goes through one view shared by all codecs, whose write buffer
 * starts anew at 256 bytes for each message: what is longer grows into buffers of its own, which makes
 * large messages slow to write and their bytes safe to keep. `decode` adds a method to each record and
 * freezes it, so `readFrom` is the fast way.
 */
import { BebopView } from "bebop";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";
import type { Type } from "./generated/bebop.js";

const FORM: Form = { ...OUR_FORM, integer: "bigint", enumeration: "number" };

export async function contenders(message: MessageName): Promise<Contender[]> {
  const generated = await import("./generated/bebop.js");
  return [tuned(generated[message]), documented(generated[message])];
}

function tuned(type: Type): Contender {
  const view = BebopView.getInstance();
  view.startWriting();
  const sharedBuffer = view.toArray().buffer;
  return {
    name: "bebop bigint",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "bigints of 64 bits; payloads are views; fixed widths, no field can be added to a struct",
    owned: (value) => {
      view.startWriting();
      type.encodeInto(value, view);
      const seen = view.toArray();
      if (seen.buffer !== sharedBuffer) return seen;
      const bytes = Buffer.allocUnsafe(seen.length);
      bytes.set(seen);
      return bytes;
    },
    view: (value) => {
      view.startWriting();
      type.encodeInto(value, view);
      return view.toArray();
    },
    into: (value) => {
      view.startWriting();
      type.encodeInto(value, view);
      return view.length;
    },
    target: () => view.toArray(),
    decode: (bytes: Uint8Array) => {
      view.startReading(bytes);
      return type.readFrom(view);
    },
    // A view of the message alone: its end is the only bound that reading keeps.
    range: (chunk: Uint8Array, start, end) => {
      view.startReading(new Uint8Array(chunk.buffer, chunk.byteOffset + start, end - start));
      return type.readFrom(view);
    },
  };
}

function documented(type: Type): Contender {
  return {
    name: "bebop bigint",
    group: "peer",
    way: "documented",
    form: FORM,
    // What `encode` gives is overwritten by the next message, which the readme does not say.
    owned: (value) => type.encode(value).slice(),
    view: (value) => type.encode(value),
    decode: (bytes: Uint8Array) => type.decode(bytes),
  };
}
