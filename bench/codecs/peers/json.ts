/** JSON in UTF-8, with bytes as base64 in both directions. */
import type { Contender } from "../contender.ts";
import { type Form, OUR_FORM } from "../form.ts";
import type { MessageName, Plain } from "../messages.ts";

const FORM: Form = { ...OUR_FORM, enumeration: "number", map: "object", absent: "omitted" };
const SCRATCH_BYTES = 1 << 20;

type Binary = Buffer | string;
interface WithEntries {
  readonly entries: { readonly payload: Binary }[];
}
interface WithPayload {
  readonly payload: Binary;
}

export function contenders(message: MessageName): Contender[] {
  return [tuned(toText[message], fromText[message]), documented(fromText[message])];
}

type Change = (value: Plain) => unknown;

/** Binary fields as base64, in a copy: the value given stays as it is. */
const toText: Readonly<Record<MessageName, Change>> = {
  AppendRequest: (value) => {
    const { entries } = value as unknown as WithEntries;
    return { ...value, entries: entries.map((entry) => ({ ...entry, payload: base64(entry) })) };
  },
  SnapshotChunk: (value) => ({ ...value, payload: base64(value as unknown as WithPayload) }),
  AppendResponse: (value) => value,
  VoteRequest: (value) => value,
  ConfigChange: (value) => value,
};

const fromText: Readonly<Record<MessageName, Change>> = {
  AppendRequest: (value) => {
    for (const entry of (value as unknown as WithEntries).entries) unpack(entry);
    return value;
  },
  SnapshotChunk: (value) => unpack(value as unknown as WithPayload),
  AppendResponse: (value) => value,
  VoteRequest: (value) => value,
  ConfigChange: (value) => value,
};

function base64({ payload }: WithPayload): string {
  return (payload as Buffer).toString("base64");
}

function unpack(holder: { payload: Binary }): unknown {
  holder.payload = Buffer.from(holder.payload as string, "base64");
  return holder;
}

function tuned(pack: Change, revive: Change): Contender {
  const target = Buffer.alloc(SCRATCH_BYTES);
  return {
    name: "JSON",
    group: "peer",
    way: "tuned",
    form: FORM,
    note: "numbers; payloads are copied, as base64",
    owned: (value) => Buffer.from(JSON.stringify(pack(value))),
    view: (value) => {
      const length = target.utf8Write(JSON.stringify(pack(value)), 0);
      return target.subarray(0, length);
    },
    into: (value) => target.utf8Write(JSON.stringify(pack(value)), 0),
    target: () => target,
    decode: (bytes: Buffer) => revive(JSON.parse(bytes.utf8Slice(0, bytes.length))),
    range: (chunk: Buffer, start, end) => revive(JSON.parse(chunk.utf8Slice(start, end))),
  };
}

function documented(revive: Change): Contender {
  return {
    name: "JSON",
    group: "peer",
    way: "documented",
    form: FORM,
    owned: (value) => Buffer.from(JSON.stringify(value, replacer)),
    decode: (bytes: Buffer) => revive(JSON.parse(bytes.toString())),
  };
}

/** By now a Buffer has been turned into an object of numbers by its `toJSON`, so the holder is asked. */
function replacer(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const held = this[key];
  return Buffer.isBuffer(held) ? held.toString("base64") : value;
}
