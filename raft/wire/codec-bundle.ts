/** Entry of `codecs.mjs`: the codecs of this build as a host, and as codecs on native values for benches. */
import {
  bilrost,
  countUnknown,
  DEFAULT_LIMITS,
  DecodeError,
  EncodeError,
  type MessageDefinition,
  type MessageValue,
  withUnknown,
} from "../../codecs/index.ts";
import type {
  CodecHost,
  DecodeMode,
  DecodeResult,
  EncodeResult,
  FrameFields,
  FrameResult,
  HelloAnswer,
  HelloState,
  HostDescription,
  HostError,
} from "../../compat-matrix/index.ts";
import { refuseFrame } from "./admission.ts";
import { FrameError, writeFrame } from "./frame.ts";
import { readFrame } from "./frame-parser.ts";
import { type Role, writeHello, writeRefusal, writeWelcome } from "./hello.ts";
import { answerHello } from "./negotiate.ts";
import { RELEASE, WRITES } from "./release.ts";
import { rulesOf, wireProtocol } from "./wire-protocol.ts";

export function createCodecHost(): CodecHost {
  return { describe, encode, decode, rewrite, edit, answerHello: answer, hello, frame, openFrame };
}

/** One message at one version on native values: what a program uses, without the detour over JSON. */
export function openCodec(
  message: string,
  version: number,
): {
  fromJson(json: unknown): MessageValue;
  encode(value: MessageValue): Uint8Array;
  decode(bytes: Uint8Array): MessageValue;
} {
  const definition = definitionOf(message);
  return {
    fromJson: (json) => wireProtocol.fromJson(definition, version, json) as MessageValue,
    encode: (value) => wireProtocol.encode(definition, version, value).bytes,
    decode: (bytes) => wireProtocol.decode(definition, version, bytes) as MessageValue,
  };
}

function describe(): HostDescription {
  return {
    release: RELEASE,
    range: wireProtocol.range,
    writes: WRITES,
    versions: wireProtocol.describe(),
    modes: ["relaxed", "distinguished", "canonical"],
  };
}

function definitionOf(message: string): MessageDefinition<object> {
  const known = Object.hasOwn(wireProtocol.messages, message) && wireProtocol.messages[message];
  if (known) return known.definition;
  throw new EncodeError(
    "UnknownMessage",
    `Cannot find message "${message}": this release has none of that name`,
  );
}

/** The version is judged first: what a later version brings need not be known by name. */
function readable(message: string, version: number): MessageDefinition<object> {
  const { min, max } = wireProtocol.range;
  if (version >= min && version <= max) return definitionOf(message);
  throw new DecodeError(
    "UnsupportedVersion",
    `Cannot read wire version ${version}: this release reads ${min} to ${max}`,
    0,
    [message],
  );
}

function encode(message: string, version: number, value: unknown): EncodeResult {
  return attempt(() => {
    const definition = definitionOf(message);
    return {
      ok: true,
      ...wireProtocol.encode(
        definition,
        version,
        wireProtocol.fromJson(definition, version, value),
      ),
    };
  });
}

function decode(
  message: string,
  version: number,
  bytes: Uint8Array,
  mode: DecodeMode = "relaxed",
): DecodeResult {
  return attempt(() => {
    const definition = readable(message, version);
    const value = wireProtocol.decode(definition, version, bytes);
    const json = wireProtocol.toJson(definition, version, value);
    const read = { ok: true, value: json, unknownFields: countUnknown(value) } as const;
    if (mode === "relaxed" || wireProtocol.formatOf(version) !== bilrost) return read;
    const minimum = mode === "canonical" ? "Canonical" : "NotCanonical";
    const judge = bilrost.compile(wireProtocol.shapeOf(definition, version), DEFAULT_LIMITS);
    return { ...read, canonicity: judge.decodeDistinguished(bytes, { minimum }).canonicity };
  });
}

function rewrite(message: string, from: number, bytes: Uint8Array, to: number): EncodeResult {
  return attempt(() => {
    const definition = readable(message, from);
    const value = wireProtocol.decode(definition, from, bytes);
    const { bytes: written, losses } = wireProtocol.encode(definition, to, value);
    // Numbers that this release does not know at one version may mean something else at another.
    const unknown = from === to ? 0 : countUnknown(value);
    if (unknown === 0) return { ok: true, bytes: written, losses };
    const reason = `${unknown} fields unknown at wire version ${from} cannot be carried to ${to}`;
    return { ok: true, bytes: written, losses: [...losses, { path: "", reason }] };
  });
}

function edit(
  message: string,
  version: number,
  bytes: Uint8Array,
  changes: Readonly<Record<string, unknown>>,
): EncodeResult {
  return attempt(() => {
    const definition = readable(message, version);
    const value = wireProtocol.decode(definition, version, bytes);
    const json = { ...wireProtocol.toJson(definition, version, value), ...changes };
    const changed = wireProtocol.fromJson(definition, version, json) as Record<string, unknown>;
    const names = Object.keys(changes);
    // Where the version has an earlier form of the message, a member of it may have no counterpart.
    const isTodaysForm = names.every((name) => Object.hasOwn(definition.members, name));
    // Only what was named is replaced; everything else stays the object that was read.
    const edited: Record<string, unknown> = isTodaysForm ? { ...value } : changed;
    for (const name of isTodaysForm ? names : []) edited[name] = changed[name];
    return { ok: true, ...wireProtocol.encode(definition, version, withUnknown(edited, value)) };
  });
}

/** Typed errors become results; anything else is a crash and passes through. */
function attempt<T>(work: () => T): T | { readonly ok: false; readonly error: HostError } {
  try {
    return work();
  } catch (error) {
    if (error instanceof DecodeError) {
      const { code, message, path, offset } = error;
      return { ok: false, error: { kind: "DecodeError", code, message, path, offset } };
    }
    if (error instanceof EncodeError) {
      const { code, message, path } = error;
      return { ok: false, error: { kind: "EncodeError", code, message, path } };
    }
    throw error;
  }
}

function answer(body: Uint8Array, state: HelloState): HelloAnswer {
  const range = wireProtocol.range;
  const own = {
    clusterId: state.clusterId,
    range,
    release: RELEASE,
    activeVersion: state.activeVersion,
  };
  const result = answerHello(own, body, state.offeredClusterId);
  if (result.ok) {
    const { agreed } = result;
    return { agreed, body: writeWelcome({ range, release: RELEASE, agreed }) };
  }
  const { code, text } = result;
  return { agreed: 0, code, text, body: writeRefusal({ range, release: RELEASE, code, text }) };
}

function hello(role: Role): Uint8Array {
  return writeHello({ range: wireProtocol.range, release: RELEASE, role });
}

function frame(header: FrameFields, body: Uint8Array): Uint8Array {
  const [head, content] = writeFrame(header, body);
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return bytes;
}

/** As a node does: is it a frame, is it of our cluster, is it for us, can we read it? */
function openFrame(
  bytes: Uint8Array,
  expected: { readonly clusterId: string; readonly nodeId: number },
): FrameResult {
  const { range } = wireProtocol;
  try {
    const { header, body } = readFrame(bytes, rulesOf(range.max).frameBytesMax);
    const { clusterId, nodeId: id } = expected;
    const refusal = refuseFrame(header, { clusterId, id, range });
    return refusal ? { ok: false, ...refusal } : { ok: true, header, body };
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return { ok: false, code: error.code, message: error.message };
  }
}
