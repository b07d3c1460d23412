/**
 * Bebop, with u64 declared float64: numbers, exact to 2^53, but neither range nor integer is checked. Its `encode` gives a view of one global buffer, good until the next call of
 * any codec; its `decode` adds a method to each record and freezes it, so `readFrom` is the fast way.
 */
import { BebopView } from "bebop";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";
import type { Type } from "./generated/bebop-float64.js";

const FORM: Form = { ...OUR_FORM, enumeration: "number" };
const SCRATCH_BYTES = 1 << 20;

export async function contenders(message: MessageName): Promise<Contender[]> {
  const generated = await import("./generated/bebop-float64.js");
  return [tuned(generated[message]), documented(generated[message])];
}

function tuned(type: Type): Contender {
  const scratch = new ArrayBuffer(SCRATCH_BYTES);
  const target = new Uint8Array(scratch);
  const writer = newView();
  writer.buffer = target;
  writer.view = new DataView(scratch);
  const reader = newView();
  let chunkView = reader;
  return {
    name: "bebop float64",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "no integers on the wire: fractions pass, above 2^53 it rounds; payloads are views; fixed widths",
    owned: (value) => {
      writer.length = 0;
      type.encodeInto(value, writer);
      const bytes = Buffer.allocUnsafe(writer.length);
      bytes.set(new Uint8Array(scratch, 0, writer.length));
      return bytes;
    },
    view: (value) => {
      writer.length = 0;
      type.encodeInto(value, writer);
      return new Uint8Array(scratch, 0, writer.length);
    },
    into: (value) => {
      writer.length = 0;
      type.encodeInto(value, writer);
      return writer.length;
    },
    target: () => target,
    decode: (bytes: Uint8Array) => {
      reader.startReading(bytes);
      return type.readFrom(reader);
    },
    range: (chunk: Uint8Array, start) => {
      if (chunkView.buffer !== chunk) {
        chunkView = newView();
        chunkView.startReading(chunk);
      }
      chunkView.index = start;
      return type.readFrom(chunkView);
    },
  };
}

function documented(type: Type): Contender {
  return {
    name: "bebop float64",
    group: "peer",
    way: "documented",
    form: FORM,
    view: (value) => type.encode(value),
    decode: (bytes: Uint8Array) => type.decode(bytes),
  };
}

/** What is private in the library's types only. The library shares one view; this is one of our own. */
interface OpenView {
  buffer: Uint8Array;
  view: DataView;
  index: number;
  length: number;
  startReading(bytes: Uint8Array): void;
}

function newView(): OpenView {
  return new (BebopView as unknown as new () => OpenView)();
}
