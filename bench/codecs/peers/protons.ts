/** protons. It has one way only: exact bytes of the codec's own, and a new reader per message. */
import { decodeMessage, encodeMessage } from "protons-runtime";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";
import type { Type } from "./generated/protons.js";

const FORM: Form = { ...OUR_FORM };

export async function contenders(message: MessageName): Promise<Contender[]> {
  const generated = await import("./generated/protons.js");
  return [tuned(generated[message]), documented(generated[message])];
}

function tuned(type: Type): Contender {
  const codec = type.codec();
  return {
    name: "protons",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "numbers, refused above 2^53; payloads are views",
    owned: (value) => encodeMessage(value, codec),
    decode: (bytes: Uint8Array) => decodeMessage(bytes, codec),
  };
}

function documented(type: Type): Contender {
  return {
    name: "protons",
    group: "peer",
    way: "documented",
    form: FORM,
    owned: (value) => type.encode(value),
    decode: (bytes: Uint8Array) => type.decode(bytes),
  };
}
