/** Our side of the protocol as host and as asker, without any process: each call, and each wrong one. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bytes, message, messagepack, optional, protocol, uint32 } from "../../codecs/index.ts";
import { protocolHost } from "../made-up/protocol-host.ts";
import type { Call, OutsideDescription } from "./calls.ts";
import { askOutside, type SendCall } from "./converse.ts";
import { readDescription } from "./description.ts";
import { parseBody, writeHostFrame } from "./frames.ts";
import { readReply } from "./replies.ts";
import { serveBody } from "./serve.ts";

const Small = message("Small", { term: uint32(1), body: bytes(2), lease: optional(uint32(3)) });
const host = protocolHost(
  "made-up",
  protocol("made-up", {
    versions: [{ version: 1, format: messagepack, rules: {} }],
    messages: { Small: { definition: Small, surface: "connection" } },
  }),
);
const VALUE = { term: 7, body: { hex: "c0ff" } };

function bodyOf(call: unknown): Uint8Array {
  return writeHostFrame(call).subarray(4);
}

function serve(call: unknown): unknown {
  return serveBody(host, bodyOf(call)).reply;
}

/** As over a pipe: every call and every reply goes through its bytes and its checks. */
const send: SendCall = async (call: Call) =>
  readReply(parseBody(bodyOf(serve({ id: 1, ...call }))), 1, call);

function description(): OutsideDescription {
  const { reply } = serveBody(host, bodyOf({ id: 1, ask: "describe" }));
  if (!("answer" in reply)) throw new Error("no description");
  return reply.answer as OutsideDescription;
}

test("encode, decode and rewrite say the same over the protocol as without it", async () => {
  const described = readDescription(JSON.parse(JSON.stringify(description())));
  const able = (changed: Partial<OutsideDescription["capabilities"]>) => ({
    ...described,
    capabilities: { ...described.capabilities, ...changed },
  });
  const call = { message: "Small", version: 1 };
  const written = await askOutside({ ask: "encode", ...call, value: VALUE }, described, send);
  expect(written).toEqual(host.encode("Small", 1, VALUE));
  const given = (written as { bytes: Uint8Array }).bytes;
  const survey = { ask: "survey" as const, ...call, bytes: given, rewriteTo: [1] };
  for (const rewrite of [true, false]) {
    expect(await askOutside(survey, able({ rewrite }), send)).toEqual({
      read: host.decode("Small", 1, given),
      rewrites: [{ to: 1, written: { ok: true, bytes: given, losses: [] } }],
    });
  }
  const edit = { ask: "edit" as const, ...call, bytes: given, changes: { term: 8 } };
  for (const can of [true, false]) {
    expect(await askOutside(edit, able({ edit: can }), send)).toEqual(
      host.encode("Small", 1, { ...VALUE, term: 8 }),
    );
  }
});

test("errors keep kind, code, path and text", async () => {
  const value = { ...VALUE, term: "seven" };
  const refused = host.encode("Small", 1, value);
  expect(refused.ok).toBe(false);
  expect(
    await askOutside({ ask: "encode", message: "Small", version: 1, value }, description(), send),
  ).toEqual(refused);
});

test.for([
  { call: { ask: "describe" }, code: "BadCall", id: null, why: "no id" },
  { call: { id: 1, ask: "dance" }, code: "UnsupportedCall", id: 1, why: "an unknown call" },
  {
    call: { id: 1, ask: "hello", protocol: 2 },
    code: "UnsupportedProtocol",
    id: 1,
    why: "a later protocol",
  },
  {
    call: { id: 1, ask: "decode", message: "Small", version: 1, bytes: "0" },
    code: "BadCall",
    id: 1,
    why: "half a byte",
  },
  {
    call: { id: 1, ask: "decode", message: "Small", version: 1, bytes: "", mode: "strict" },
    code: "UnsupportedCall",
    id: 1,
    why: "an unknown mode",
  },
  { call: [], code: "BadCall", id: null, why: "no object" },
])("a wrong call gets a typed error, and the conversation goes on: $why", ({ call, code, id }) => {
  expect(serve(call)).toMatchObject({ id, error: { kind: "HostError", code } });
  expect(serveBody(host, bodyOf(call)).isLast).toBe(false);
});

test("a body that is no JSON gets a typed error", () => {
  expect(serveBody(host, Buffer.from("{")).reply).toMatchObject({
    id: null,
    error: { kind: "HostError", code: "BadCall" },
  });
});

test("a defect of our own is told as such", () => {
  const faulty = { ...host, encode: () => JSON.parse("{") };
  const body = bodyOf({ id: 4, ask: "encode", message: "Small", version: 1, value: VALUE });
  expect(serveBody(faulty, body).reply).toMatchObject({ id: 4, error: { code: "Internal" } });
});

test.for([
  { reply: { id: 2, answer: { bytes: "" } }, says: /its id is 2, the oldest open call has 1/ },
  { reply: { id: 1, answer: { bytes: "xy" } }, says: /answer.bytes: bytes in hex is needed/ },
  { reply: { id: 1, answer: null }, says: /answer: an object is needed, found null/ },
  { reply: { id: 1, error: { kind: "Oops" } }, says: /error.kind: one of EncodeError/ },
  { reply: "fine", says: /the reply: an object is needed, found "fine"/ },
])("a reply that the protocol does not allow is refused: $says", ({ reply, says }) => {
  const call = { ask: "encode", message: "Small", version: 1, value: VALUE } as const;
  expect(() => readReply(reply, 1, call)).toThrow(says);
});

test("the description in the reference is one that is accepted", () => {
  const page = readFileSync("docs/reference/codec-host.md", "utf8");
  const [, example = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
  expect(readDescription(JSON.parse(example)).versions).toMatchObject([{ version: 4 }]);
});

type Editable = { versions: { messages: { members: Record<string, unknown>[] }[] }[] } & Record<
  string,
  unknown
>;

test.for<{ spoil: (made: Editable) => unknown; says: RegExp }>([
  { spoil: (made) => ({ ...made, capabilities: undefined }), says: /capabilities: an object/ },
  {
    spoil: (made) => ({ ...made, versions: [...made.versions, ...made.versions] }),
    says: /1, 1 do not ascend/,
  },
  {
    spoil: (made) => {
      Object.assign(made.versions[0]?.messages[0]?.members[0] ?? {}, {
        type: { kind: "message", name: "Nobody" },
      });
      return made;
    },
    says: /version 1 Small.term: it is of message "Nobody", which is not described/,
  },
  {
    spoil: (made) => {
      Object.assign(made.versions[0]?.messages[0]?.members[0] ?? {}, { type: { kind: "decimal" } });
      return made;
    },
    says: /version 1 Small.term.type.kind: one of bool/,
  },
])("a description is checked before cases are made of it: $says", ({ spoil, says }) => {
  const made = JSON.parse(JSON.stringify(description())) as Editable;
  expect(() => readDescription(spoil(made))).toThrow(says);
});
