/**
 * Our own codecs, as they take part. This file is where a new engine or entry point is plugged in:
 * give the contender the call, and its row appears.
 */
import { bilrost, DEFAULT_LIMITS, messagepack, protobuf } from "../../codecs/index.ts";
import type { Contender } from "./contender.ts";
import { OUR_FORM } from "./form.ts";
import { type MessageName, shapeOf } from "./messages.ts";

export function contenders(message: MessageName): Contender[] {
  return [bilrostInterpreted(message), ...adapters(message)];
}

function bilrostInterpreted(message: MessageName): Contender {
  const codec = bilrost.compile(shapeOf(message), DEFAULT_LIMITS);
  return {
    name: "wirespan bilrost, interpreted",
    group: "ours",
    way: "tuned",
    form: OUR_FORM,
    note: "numbers, refused above 2^53; payloads are views",
    owned: (value) => codec.encode(value),
    decode: (bytes: Uint8Array) => codec.decode(bytes),
  };
}

function adapters(message: MessageName): Contender[] {
  const proto = protobuf.compile(shapeOf(message), DEFAULT_LIMITS);
  const pack = messagepack.compile(shapeOf(message), DEFAULT_LIMITS);
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
