/** The engine's own structured clone. A Serializer without the host's part of `v8.serialize` is faster. */
import { DefaultDeserializer, DefaultSerializer, deserialize, serialize } from "node:v8";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";

const FORM: Form = { ...OUR_FORM, enumeration: "number", absent: "omitted" };

export function contenders(): Contender[] {
  return [tuned(), documented()];
}

function tuned(): Contender {
  return {
    name: "v8.serialize",
    group: "peer",
    way: "tuned",
    form: FORM,
    note: "numbers, as doubles above 2^31; payloads are copied on the way out; no schema",
    owned: (value) => {
      const serializer = new DefaultSerializer();
      serializer.writeHeader();
      serializer.writeValue(value);
      return serializer.releaseBuffer();
    },
    decode: (bytes: Buffer) => {
      const deserializer = new DefaultDeserializer(bytes);
      deserializer.readHeader();
      return deserializer.readValue();
    },
  };
}

function documented(): Contender {
  return {
    name: "v8.serialize",
    group: "peer",
    way: "documented",
    form: FORM,
    owned: (value) => serialize(value),
    decode: (bytes: Buffer) => deserialize(bytes),
  };
}
