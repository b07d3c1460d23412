/**
 * Our own codecs, as they take part. This file is where a new engine or entry point is plugged in:
 * give the contender the call, and its row appears.
 */
import {
  type BilrostCodec,
  type Column,
  columns,
  compileBilrost,
  DEFAULT_LIMITS,
  type MessageShape,
  messagepack,
  protobuf,
} from "../../codecs/index.ts";
import type { Contender } from "./contender.ts";
import { OUR_FORM } from "./form.ts";
import { type MessageName, shapeOf } from "./messages.ts";

export function contenders(message: MessageName): Contender[] {
  const shape = shapeOf(message);
  return [
    compiled(compileBilrost(shape, { engine: "compiled" }), columnsOf(message)),
    interpreted(compileBilrost(shape, { engine: "interpreted" })),
    ...adapters(shape),
  ];
}

const SCRATCH_BYTES = 1 << 20;

function compiled(codec: BilrostCodec, batch: Contender["columns"]): Contender {
  if (codec.engine !== "compiled") throw new Error("Cannot measure: nothing was compiled");
  const target = new Uint8Array(SCRATCH_BYTES);
  link(codec, target);
  return {
    name: "wirespan bilrost",
    group: "ours",
    way: "tuned",
    form: OUR_FORM,
    note: "numbers, refused above 2^53; payloads are views; unknown fields kept; small owned bytes are views of a slab",
    owned: codec.encode,
    into: intoOf(codec, target),
    target: () => target,
    segments: codec.encodeSegments,
    decode: codec.decode,
    range: codec.decodeRange,
    ...(batch && { columns: batch }),
  };
}

/** Calls are made when they are first used, and take the place of what made them. */
function link(codec: BilrostCodec, target: Uint8Array): void {
  const nothing = codec.decode(codec.encode({}));
  codec.encodeInto(nothing, target);
  codec.encodeSegments(nothing);
  codec.decodeRange(target, 0, 0);
}

/** A function of its own text for each message, as a call in a program would be. */
function intoOf({ encodeInto }: BilrostCodec, target: Uint8Array): (value: never) => number {
  const make = new Function("encodeInto", "target", "return (value) => encodeInto(value, target);");
  return make(encodeInto, target) as (value: never) => number;
}

/** The entries of an append request, with every place of every column read. */
function columnsOf(message: MessageName): Contender["columns"] {
  if (message !== "AppendRequest") return undefined;
  const reader = columns(shapeOf(message), "entries");
  return (bytes: Uint8Array) => {
    const { count, columns: read } = reader.decode(bytes);
    const [terms, indices, kinds] = [read.term, read.index, read.kind].map(numbersOf) as [
      Numbers,
      Numbers,
      Numbers,
    ];
    const { start, end } = read.payload as Column;
    let sum = 0;
    for (let at = 0; at < count; at++) {
      sum += (terms[at] as number) + (indices[at] as number) + (kinds[at] as number);
      sum += (end[at] as number) - (start[at] as number);
    }
    return sum;
  };
}

type Numbers = Float64Array | Uint32Array;

function numbersOf(column: Column | undefined): Numbers {
  return column?.values as Numbers;
}

function interpreted(codec: BilrostCodec): Contender {
  return {
    name: "wirespan bilrost, interpreted",
    group: "ours",
    way: "tuned",
    form: OUR_FORM,
    note: "the same without generated code",
    owned: (value) => codec.encode(value),
    decode: (bytes: Uint8Array) => codec.decode(bytes),
  };
}

function adapters(shape: MessageShape): Contender[] {
  const proto = protobuf.compile(shape, DEFAULT_LIMITS);
  const pack = messagepack.compile(shape, DEFAULT_LIMITS);
  return [
    {
      name: "wirespan protobuf",
      group: "adapter",
      way: "tuned",
      form: OUR_FORM,
      owned: (value) => proto.encode(value),
      decode: (bytes: Uint8Array) => proto.decode(bytes),
    },
    {
      name: "wirespan msgpack",
      group: "adapter",
      way: "tuned",
      form: OUR_FORM,
      owned: (value) => pack.encode(value),
      decode: (bytes: Uint8Array) => pack.decode(bytes),
    },
  ];
}
