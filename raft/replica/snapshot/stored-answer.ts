/** The kept answer of a session as the body of a ClientResponse, which is the form a snapshot stores. */
import { ClientResponse } from "../../wire/index.ts";
import type { WriteAnswer, WriteStatus } from "../state-machine/sessions.ts";
import { decodeStored, encodeStored } from "../stored.ts";

const WRITE_STATUSES: readonly string[] = [
  "ok",
  "notFound",
  "mismatch",
  "staleSequence",
  "unknownSession",
] satisfies readonly WriteStatus[];

export function encodeAnswer({ status, index }: WriteAnswer, version: number): Uint8Array {
  return encodeStored(ClientResponse, version, {
    session: 0,
    sequence: 0,
    status,
    leader: 0,
    leaderAddress: "",
    value: undefined,
    index,
  });
}

export function decodeAnswer(response: Uint8Array, version: number): WriteAnswer {
  const { status, index } = decodeStored(ClientResponse, version, response);
  // Only these were ever kept; anything else means that the bytes are not what we wrote.
  return { status: WRITE_STATUSES.includes(status) ? (status as WriteStatus) : "ok", index };
}
