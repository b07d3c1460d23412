/** pbf. Its readme makes a new writer per message; a reused one is four times faster. */
import { PbfReader, PbfWriter } from "pbf";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";
import type * as generated from "./generated/pbf.js";

const FORM: Form = { ...OUR_FORM, enumeration: "number", map: "object", absent: "zero" };
const SCRATCH_BYTES = 1 << 20;

export async function contenders(message: MessageName): Promise<Contender[]> {
  const module = await import("./generated/pbf.js");
  const write = module[`write${message}`];
  const read = module[`read${message}`];
  return [tuned(write, read), documented(write, read)];
}

type Write = typeof generated.writeAppendRequest;
type Read = typeof generated.readAppendRequest;

function tuned(write: Write, read: Read): Contender {
  const scratch = new ArrayBuffer(SCRATCH_BYTES);
  const writer = new PbfWriter(scratch);
  const reader = new PbfReader(new Uint8Array(0));
  let chunkReader = reader;
  return {
    name: "pbf",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "numbers, rounded above 2^53; payloads are views; no presence of scalars",
    owned: (value) => {
      writer.pos = 0;
      write(value, writer);
      const bytes = Buffer.allocUnsafe(writer.pos);
      bytes.set(new Uint8Array(scratch, 0, writer.pos));
      return bytes;
    },
    view: (value) => {
      writer.pos = 0;
      write(value, writer);
      return new Uint8Array(scratch, 0, writer.pos);
    },
    into: (value) => {
      writer.pos = 0;
      write(value, writer);
      return writer.pos;
    },
    target: () => new Uint8Array(scratch),
    // Only fixed-width fields use the reader's DataView, so it is renewed for messages that have one.
    decode: (bytes: Uint8Array) => read(new PbfReader(bytes)),
    range: (chunk: Uint8Array, start, end) => {
      if (chunkReader.buf !== chunk) chunkReader = new PbfReader(chunk);
      chunkReader.pos = start;
      return read(chunkReader, end);
    },
  };
}

function documented(write: Write, read: Read): Contender {
  return {
    name: "pbf",
    group: "peer",
    way: "documented",
    form: FORM,
    owned: (value) => {
      const writer = new PbfWriter();
      write(value, writer);
      return writer.finish();
    },
    decode: (bytes: Uint8Array) => read(new PbfReader(bytes)),
  };
}
