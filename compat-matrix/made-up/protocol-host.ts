/** A codec host over a protocol in our own schema language, for tests; hello and frames are the toy ones. */
import {
  countUnknown,
  DecodeError,
  EncodeError,
  type MessageDefinition,
  type Protocol,
  withUnknown,
} from "../../codecs/index.ts";
import type { CodecHost, EncodeResult, HostDescription, HostError } from "../codec-host.ts";
import { madeUpHost } from "./host.ts";

export function protocolHost(release: string, protocol: Protocol): CodecHost {
  const { range } = protocol;
  const description: HostDescription = {
    release,
    range,
    writes: { before: range.min, after: range.max },
    versions: protocol.describe(),
  };
  const definitionOf = (message: string): MessageDefinition<object> => {
    const found = protocol.messages[message]?.definition;
    if (found) return found;
    throw new EncodeError(
      "UnknownMessage",
      `Cannot use ${message}: ${release} has no such message`,
    );
  };
  return {
    ...madeUpHost(description),
    encode: (message, version, value) =>
      caught(() => {
        const definition = definitionOf(message);
        return protocol.encode(definition, version, protocol.fromJson(definition, version, value));
      }),
    decode(message, version, bytes) {
      try {
        const definition = definitionOf(message);
        const value = protocol.decode(definition, version, bytes);
        const json = protocol.toJson(definition, version, value);
        return { ok: true, value: json, unknownFields: countUnknown(value) };
      } catch (error) {
        return { ok: false, error: hostErrorOf(error) };
      }
    },
    rewrite: (message, from, bytes, to) =>
      caught(() => {
        const definition = definitionOf(message);
        const value = protocol.decode(definition, from, bytes);
        const { bytes: written, losses } = protocol.encode(definition, to, value);
        const unknown = from === to ? 0 : countUnknown(value);
        const dropped = { path: "", reason: `${unknown} fields from the future of v${from}` };
        return { bytes: written, losses: unknown === 0 ? losses : [...losses, dropped] };
      }),
    edit: (message, version, bytes, changes) =>
      caught(() => {
        const definition = definitionOf(message);
        const value = protocol.decode(definition, version, bytes);
        const changed = protocol.fromJson(definition, version, changes) as Record<string, unknown>;
        const picked = Object.fromEntries(
          Object.keys(changes).map((name) => [name, changed[name]]),
        );
        return protocol.encode(definition, version, withUnknown({ ...value, ...picked }, value));
      }),
  };
}

function caught(write: () => Omit<Extract<EncodeResult, { ok: true }>, "ok">): EncodeResult {
  try {
    return { ok: true, ...write() };
  } catch (error) {
    return { ok: false, error: hostErrorOf(error) };
  }
}

function hostErrorOf(error: unknown): HostError {
  if (error instanceof DecodeError || error instanceof EncodeError) {
    const { name: kind, code, message, path } = error;
    return { kind, code, message, path };
  }
  throw error;
}
