/** The answering side: a codec host of ours behind the protocol, call by call. */
import { fromHex, toHex } from "../../codecs/index.ts";
import type { CodecHost, DecodeMode, DecodeResult, EncodeResult } from "../codec-host.ts";
import {
  type Call,
  type CallAnswers,
  HOST_PROTOCOL,
  type HostErrorCode,
  type Reply,
} from "./calls.ts";
import { countOf, HostMessageError, hexOf, type Parts, partsOf, textOf } from "./checks.ts";
import { HostFrameError, parseBody } from "./frames.ts";

export interface Served {
  readonly reply: Reply;
  /** The conversation ends after this reply. */
  readonly isLast: boolean;
}

/** Replies to the body of one frame, whatever is in it. */
export function serveBody(host: CodecHost, body: Uint8Array): Served {
  let id: number | null = null;
  try {
    const call = partsOf(parseBody(body), "the call");
    id = countOf(call.id, "id");
    return { reply: { id, ...answerCall(host, call) }, isLast: call.ask === "bye" };
  } catch (error) {
    if (error instanceof Refused) return { reply: refusal(id, error.code, error), isLast: false };
    const isTheirs = error instanceof HostMessageError || error instanceof HostFrameError;
    return { reply: refusal(id, isTheirs ? "BadCall" : "Internal", error), isLast: false };
  }
}

/** Says why the conversation cannot go on, as far as it can still be said. */
export function refusal(id: number | null, code: HostErrorCode, error: unknown): Reply {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { id, error: { kind: "HostError", code, message, path: [] } };
}

class Refused extends Error {
  override readonly name = "Refused";
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

type Outcome = { readonly answer: CallAnswers[Call["ask"]] } | Pick<Failed, "error">;
type Failed = Extract<DecodeResult | EncodeResult, { ok: false }>;

function answerCall(host: CodecHost, call: Parts): Outcome {
  const message = () => textOf(call.message, "message");
  const version = (name: string) => countOf(call[name], name);
  const bytes = () => fromHex(hexOf(call.bytes, "bytes"));
  switch (call.ask) {
    case "hello":
      return { answer: greet(host, countOf(call.protocol, "protocol")) };
    case "describe":
      return { answer: describe(host) };
    case "encode":
      return written(host.encode(message(), version("version"), call.value));
    case "decode":
      return decode(host, call);
    case "rewrite":
      return written(host.rewrite(message(), version("from"), bytes(), version("to")));
    case "edit": {
      const changes = partsOf(call.changes, "changes");
      return written(host.edit(message(), version("version"), bytes(), changes));
    }
    case "bye":
      return { answer: {} };
    default:
      throw new Refused("UnsupportedCall", `Cannot answer "${String(call.ask)}": it is no call`);
  }
}

function greet(host: CodecHost, protocol: number): CallAnswers["hello"] {
  if (protocol !== HOST_PROTOCOL) {
    const text = `Cannot talk in version ${protocol} of the protocol: this host knows ${HOST_PROTOCOL}`;
    throw new Refused("UnsupportedProtocol", text);
  }
  return { protocol, name: nameOf(host) };
}

function nameOf(host: CodecHost): string {
  return `wirespan ${host.describe().release}`;
}

function describe(host: CodecHost): CallAnswers["describe"] {
  return {
    name: nameOf(host),
    versions: host.describe().versions.map((one) => ({
      ...one,
      modes: modesAt(host, one.version),
    })),
    capabilities: { rewrite: true, edit: true, unknownFields: "kept" },
  };
}

function modesAt(host: CodecHost, version: number): readonly DecodeMode[] {
  const { versions, modes = [] } = host.describe();
  const isCanonical = versions.find((one) => one.version === version)?.format === "bilrost";
  return isCanonical && modes.length > 0 ? modes : ["relaxed"];
}

function decode(host: CodecHost, call: Parts): Outcome {
  const version = countOf(call.version, "version");
  const bytes = fromHex(hexOf(call.bytes, "bytes"));
  const known = modesAt(host, version);
  const mode = known.find((one) => one === (call.mode ?? "relaxed"));
  if (mode === undefined) {
    const text = `Cannot decode v${version} in mode "${String(call.mode)}": known are ${known.join(", ")}`;
    throw new Refused("UnsupportedCall", text);
  }
  const result = host.decode(textOf(call.message, "message"), version, bytes, mode);
  if (!result.ok) return { error: result.error };
  const { ok: _, ...answer } = result;
  return { answer };
}

function written(result: EncodeResult): Outcome {
  if (!result.ok) return { error: result.error };
  return { answer: { bytes: toHex(result.bytes), losses: result.losses } };
}
