/**
 * Bebop, with u64 declared float64: numbers, exact to 2^53, but nobody checks that they are integers. Everything goes through one view shared by all codecs, whose write buffer
 * starts anew at 256 bytes for each message: what is longer grows into buffers of its own, which makes
 * large messages slow to write and their bytes safe to keep. `decode` adds a method to each record and
 * freezes it, so `readFrom` is the fast way.
 */
import { BebopView } from "bebop";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";
import type { Type } from "./generated/bebop-float64.js";

const FORM: Form = { ...OUR_FORM, enumeration: "number" };

export async function contenders(message: MessageName): Promise<Contender[]> {
  const generated = await import("./generated/bebop-float64.js");
  const type = generated[message];
  return [tuned(type), documented(type), privateBuffer(type)];
}

function tuned(type: Type): Contender {
  const view = BebopView.getInstance();
  view.startWriting();
  const sharedBuffer = view.toArray().buffer;
  return {
    name: "bebop float64",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "no integers on the wire: fractions pass, above 2^53 it rounds; payloads are views; fixed widths",
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
    name: "bebop float64",
    group: "peer",
    way: "documented",
    form: FORM,
    // What `encode` gives is overwritten by the next message, which the readme does not say.
    owned: (value) => type.encode(value).slice(),
    view: (value) => type.encode(value),
    decode: (bytes: Uint8Array) => type.decode(bytes),
  };
}

/** What is private in the library's types. */
interface OpenView {
  buffer: Uint8Array;
  view: DataView;
  index: number;
  length: number;
  startReading(bytes: Uint8Array): void;
}

const SCRATCH_BYTES = 1 << 20;

/**
 * Views made behind the types' back: a write buffer that stays, and one view for all messages of a
 * chunk. It is no peer, because users cannot have it or lose the bound at the message's end; it is shown
 * because it is what bebop could do.
 */
function privateBuffer(type: Type): Contender {
  const scratch = new ArrayBuffer(SCRATCH_BYTES);
  const View = BebopView as unknown as new () => OpenView;
  const view = new View();
  const reader = new View();
  view.buffer = new Uint8Array(scratch);
  view.view = new DataView(scratch);
  return {
    name: "bebop float64, forced",
    group: "limit",
    way: "tuned",
    form: FORM,
    note: "a bound, not a peer: it reaches into private fields to keep its write buffer, and reads on beyond the end of a message",
    owned: (value) => {
      view.length = 0;
      type.encodeInto(value, view);
      const bytes = Buffer.allocUnsafe(view.length);
      bytes.set(new Uint8Array(scratch, 0, view.length));
      return bytes;
    },
    into: (value) => {
      view.length = 0;
      type.encodeInto(value, view);
      return view.length;
    },
    target: () => view.buffer,
    // One view of the whole chunk, which no user has to force: but then nothing ends at the message.
    decode: (bytes: Uint8Array) => {
      reader.startReading(bytes);
      return type.readFrom(reader);
    },
    range: (chunk: Uint8Array, start) => {
      if (reader.buffer !== chunk) reader.startReading(chunk);
      reader.index = start;
      return type.readFrom(reader);
    },
  };
}
