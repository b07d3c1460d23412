/** Checks the replies of a codec host before anything is believed: they come from a foreign program. */
import type { Canonicity, DecodeMode } from "../codec-host.ts";
import type { Call, CallAnswers, Reply, ReplyError } from "./calls.ts";
import { countOf, HostMessageError, hexOf, listOf, oneOf, partsOf, textOf } from "./checks.ts";
import { readDescription } from "./description.ts";

const CANONICITIES: readonly Canonicity[] = ["Canonical", "HasExtensions", "NotCanonical"];
const ERROR_KINDS = ["EncodeError", "DecodeError", "HostError"] as const;

/** The reply to the oldest open call, whose id must be repeated. */
export function readReply(json: unknown, id: number, call: Call): Reply {
  const parts = partsOf(json, "the reply");
  if (parts.id !== id && !(parts.id === null && parts.error !== undefined)) {
    throw new HostMessageError(
      `Cannot use the reply: its id is ${JSON.stringify(parts.id)}, the oldest open call has ${id}`,
    );
  }
  if (parts.error !== undefined) return { id, error: readError(parts.error) };
  return { id, answer: readAnswer(parts.answer, call) };
}

function readError(json: unknown): ReplyError {
  const parts = partsOf(json, "error");
  const error = {
    kind: oneOf(parts.kind, ERROR_KINDS, "error.kind"),
    code: textOf(parts.code, "error.code"),
    message: textOf(parts.message, "error.message"),
    path: listOf(parts.path ?? [], "error.path").map((name) => textOf(name, "error.path")),
    ...(parts.offset !== undefined && { offset: countOf(parts.offset, "error.offset") }),
  };
  return error as ReplyError;
}

function readAnswer(json: unknown, call: Call): CallAnswers[Call["ask"]] {
  switch (call.ask) {
    case "hello":
      return readHello(json, call.protocol);
    case "describe":
      return readDescription(json);
    case "decode":
      return readDecoded(json, call.mode);
    case "bye":
      return {};
    case "encode":
    case "rewrite":
    case "edit":
      return readWritten(json);
  }
}

function readHello(json: unknown, asked: number): CallAnswers["hello"] {
  const parts = partsOf(json, "answer");
  const protocol = countOf(parts.protocol, "answer.protocol");
  if (protocol !== asked) {
    throw new HostMessageError(
      `Cannot talk in version ${protocol} of the protocol: version ${asked} was asked for`,
    );
  }
  return { protocol, name: textOf(parts.name, "answer.name") };
}

function readDecoded(json: unknown, mode: DecodeMode): CallAnswers["decode"] {
  const parts = partsOf(json, "answer");
  if (parts.value === undefined)
    throw new HostMessageError("Cannot use the answer: it has no value");
  return {
    value: parts.value,
    ...(parts.unknownFields !== undefined && {
      unknownFields: countOf(parts.unknownFields, "answer.unknownFields"),
    }),
    ...(mode !== "relaxed" && {
      canonicity: oneOf(parts.canonicity, CANONICITIES, "answer.canonicity"),
    }),
  };
}

function readWritten(json: unknown): CallAnswers["encode"] {
  const parts = partsOf(json, "answer");
  const losses = listOf(parts.losses ?? [], "answer.losses").map((one) => {
    const { path, reason } = partsOf(one, "answer.losses");
    return { path: textOf(path, "a loss's path"), reason: textOf(reason, "a loss's reason") };
  });
  return { bytes: hexOf(parts.bytes, "answer.bytes"), losses };
}
