/** @bufbuild/protobuf. It offers no way to reuse a writer or a reader; u64 is a bigint. */
import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";

const FORM: Form = { ...OUR_FORM, integer: "bigint", enumeration: "number", map: "object" };

export async function contenders(message: MessageName): Promise<Contender[]> {
  const generated = await import("./generated/protobuf-es.js");
  const schema = generated[`${message}Schema`];
  return [tuned(schema), documented(schema)];
}

function tuned(schema: DescMessage): Contender {
  // Asked for once; otherwise each decoding merges its options anew and keeps unknown fields.
  const options = { readUnknownFields: false };
  return {
    name: "@bufbuild/protobuf",
    group: "peer",
    way: "tuned",
    form: FORM,
    plainInput: true,
    note: "bigints of 64 bits; payloads are views",
    prepare: (value) => create(schema, value as never),
    owned: (value) => toBinary(schema, value),
    decode: (bytes: Uint8Array) => fromBinary(schema, bytes, options),
  };
}

function documented(schema: DescMessage): Contender {
  return {
    name: "@bufbuild/protobuf",
    group: "peer",
    way: "documented",
    form: FORM,
    prepare: (value) => create(schema, value as never),
    owned: (value) => toBinary(schema, value),
    decode: (bytes: Uint8Array) => fromBinary(schema, bytes),
  };
}
