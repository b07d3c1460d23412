/**
 * The asking side: what the matrix wants to know of a codec host, as calls. What a host cannot do
 * itself is put together of what it can: a rewrite at the same version is a decode and an encode.
 */
import { fromHex, toHex } from "../../codecs/index.ts";
import type { DecodeMode, DecodeResult, EncodeResult } from "../codec-host.ts";
import type { Answers, HostRequest, Rewrite, Survey } from "../host-request.ts";
import type { Call, CallAnswers, Capabilities, OutsideDescription, Reply } from "./calls.ts";

/** Sends one call; rejects with `HostCrash` when the host does not answer it as it must. */
export type SendCall = (call: Call) => Promise<Reply>;

/** The host died, hung, or said what the protocol does not allow: it broke on this call. */
export class HostCrash extends Error {
  override readonly name = "HostCrash";
}

/** Answers one request of the matrix. Hellos and frames are no business of an outside program. */
export async function askOutside(
  request: HostRequest,
  description: OutsideDescription,
  send: SendCall,
): Promise<Answers[keyof Answers]> {
  const host = new Conversation(description, send);
  switch (request.ask) {
    case "encode":
      return await host.encode(request.message, request.version, request.value);
    case "survey":
      return await host.survey(request);
    case "edit":
      return await host.edit(request);
    default:
      throw new HostCrash(`cannot be asked for "${request.ask}"`);
  }
}

/** Answer of a call that can only go wrong by the host's fault. */
export async function sendPlain<A extends "describe" | "bye">(
  send: SendCall,
  ask: A,
): Promise<CallAnswers[A]> {
  const reply = await send({ ask });
  if ("answer" in reply) return reply.answer as CallAnswers[A];
  throw new HostCrash(`answered ${ask} with ${reply.error.code}: ${reply.error.message}`);
}

class Conversation {
  readonly #capabilities: Capabilities;
  readonly #versions: OutsideDescription["versions"];
  readonly #send: SendCall;

  constructor({ capabilities, versions }: OutsideDescription, send: SendCall) {
    this.#capabilities = capabilities;
    this.#versions = versions;
    this.#send = send;
  }

  async encode(message: string, version: number, value: unknown): Promise<EncodeResult> {
    return await this.#write({ ask: "encode", message, version, value });
  }

  async survey(request: Extract<HostRequest, { ask: "survey" }>): Promise<Survey> {
    const { message, version, bytes, rewriteTo } = request;
    const read = await this.#decode(message, version, bytes);
    if (!read.ok) return { read, rewrites: [] };
    const rewrites: Rewrite[] = [];
    for (const to of rewriteTo) {
      const written = await this.#rewrite(message, version, bytes, to, read);
      if (!written.ok || to === version) {
        rewrites.push({ to, written });
        continue;
      }
      const reread = await this.#decode(message, to, written.bytes);
      const back = await this.#rewrite(message, to, written.bytes, version, reread);
      rewrites.push({ to, written, reread, back });
    }
    return { read, rewrites };
  }

  async edit(request: Extract<HostRequest, { ask: "edit" }>): Promise<EncodeResult> {
    const { message, version, bytes, changes } = request;
    if (this.#capabilities.edit) {
      return await this.#write({ ask: "edit", message, version, bytes: toHex(bytes), changes });
    }
    const read = await this.#decode(message, version, bytes);
    if (!read.ok) return read;
    return await this.encode(message, version, { ...(read.value as object), ...changes });
  }

  async #rewrite(
    message: string,
    from: number,
    bytes: Uint8Array,
    to: number,
    read: DecodeResult,
  ): Promise<EncodeResult> {
    if (this.#capabilities.rewrite) {
      return await this.#write({ ask: "rewrite", message, from, to, bytes: toHex(bytes) });
    }
    return read.ok ? await this.encode(message, to, read.value) : read;
  }

  /** In the mode that tells most: one that judges canonicity without refusing. */
  async #decode(message: string, version: number, bytes: Uint8Array): Promise<DecodeResult> {
    const described = this.#versions.find((one) => one.version === version);
    const canJudge = described?.modes?.includes("distinguished") ?? false;
    const mode: DecodeMode = canJudge ? "distinguished" : "relaxed";
    const reply = await this.#send({ ask: "decode", message, version, bytes: toHex(bytes), mode });
    if ("error" in reply) return { ok: false, error: outcomeError(reply.error) };
    const { value, unknownFields, canonicity } = reply.answer as CallAnswers["decode"];
    if (unknownFields === undefined && this.#capabilities.unknownFields === "kept") {
      throw new HostCrash("keeps unknown fields, as it says, but does not count them");
    }
    return {
      ok: true,
      value,
      unknownFields: unknownFields ?? 0,
      ...(canonicity && { canonicity }),
    };
  }

  async #write(call: Extract<Call, { ask: "encode" | "rewrite" | "edit" }>): Promise<EncodeResult> {
    const reply = await this.#send(call);
    if ("error" in reply) return { ok: false, error: outcomeError(reply.error) };
    const { bytes, losses = [] } = reply.answer as CallAnswers["encode"];
    return { ok: true, bytes: fromHex(bytes), losses };
  }
}

type ReplyError = Extract<Reply, { error: unknown }>["error"];
type OutcomeError = Exclude<ReplyError, { kind: "HostError" }>;

/** A host that blames the call, or itself, has broken: we make only calls that it must understand. */
function outcomeError(error: ReplyError): OutcomeError {
  if (error.kind !== "HostError") return error;
  throw new HostCrash(`answered ${error.code}: ${error.message}`);
}

/** What a reply that the protocol does not allow counts as. */
export function asCrash(error: unknown): HostCrash {
  if (error instanceof HostCrash) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new HostCrash(`answered what the protocol does not allow: ${text}`);
}
