/** avsc. `encode` writes where it is told, without the copy that `toBuffer` makes. */
import avro, { type Schema } from "avsc";
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName } from "../messages.ts";

const FORM: Form = { ...OUR_FORM, map: "object", absent: "null" };
const SCRATCH_BYTES = 1 << 20;

const NODE = record("Node", {
  id: "long",
  address: "string",
  role: { type: "enum", name: "Role", symbols: ["voter", "learner", "witness"] },
});
const ENTRY = record("Entry", { term: "long", index: "long", kind: "long", payload: "bytes" });

const SCHEMAS: Readonly<Record<MessageName, Schema>> = {
  AppendRequest: record("AppendRequest", {
    ...{ term: "long", leader: "long", previousIndex: "long", previousTerm: "long" },
    ...{ commit: "long", entries: { type: "array", items: ENTRY } },
  }),
  AppendResponse: record("AppendResponse", {
    ...{ term: "long", from: "long", success: "boolean", match: "long" },
    ...{ conflictTerm: ["null", "long"], conflictIndex: ["null", "long"] },
  }),
  VoteRequest: record("VoteRequest", {
    ...{ term: "long", candidate: "long", lastIndex: "long", lastTerm: "long" },
    preVote: "boolean",
  }),
  SnapshotChunk: record("SnapshotChunk", {
    ...{ term: "long", leader: "long", lastIndex: "long", lastTerm: "long" },
    ...{ offset: "long", size: "long", payload: "bytes", checksum: "long", done: "boolean" },
  }),
  ConfigChange: record("ConfigChange", {
    index: "long",
    members: { type: "array", items: NODE },
    incoming: { type: "array", items: "Node" },
    labels: { type: "map", values: "string" },
  }),
};

function record(name: string, fields: Readonly<Record<string, Schema>>): Schema {
  const list = Object.entries(fields).map(([field, type]) => ({ name: field, type }));
  return { type: "record", name, fields: list } as Schema;
}

export function contenders(message: MessageName): Contender[] {
  const type = avro.Type.forSchema(SCHEMAS[message]);
  return [tuned(type), documented(type)];
}

function tuned(type: avro.Type): Contender {
  const target = Buffer.alloc(SCRATCH_BYTES);
  return {
    name: "avsc",
    group: "peer",
    way: "tuned",
    form: FORM,
    note: "numbers, refused above 2^53; payloads are copied; no field can be added without both schemas at hand",
    owned: (value) => {
      const length = type.encode(value, target, 0);
      const bytes = Buffer.allocUnsafe(length);
      bytes.set(new Uint8Array(target.buffer, 0, length));
      return bytes;
    },
    view: (value) => new Uint8Array(target.buffer, 0, type.encode(value, target, 0)),
    into: (value) => type.encode(value, target, 0),
    target: () => target,
    decode: (bytes: Buffer) => type.fromBuffer(bytes, undefined, true),
  };
}

function documented(type: avro.Type): Contender {
  return {
    name: "avsc",
    group: "peer",
    way: "documented",
    form: FORM,
    owned: (value) => type.toBuffer(value),
    decode: (bytes: Buffer) => type.fromBuffer(bytes),
  };
}
