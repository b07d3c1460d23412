/** When the next wire version may become active: only when every member, heard a moment ago, reads it (law 5). */
import { ActivateVersion, EntryKindNumber, sealEntry } from "../wire/index.ts";
import type { PeerView } from "./ports.ts";
import { encodeStored } from "./stored.ts";

/** A status older than this says nothing about the node that runs now. */
export const FRESH_MS = 3_000;

export interface ActivationRequest {
  readonly version: number;
  readonly activeVersion: number;
  readonly isLeader: boolean;
  readonly own: { readonly id: number; readonly min: number; readonly max: number };
  /** All members but this node. */
  readonly peers: readonly PeerView[];
}

/** Why it may not be proposed now, or undefined. The text names who is not ready. */
export function refuseActivation(
  request: ActivationRequest,
): { readonly code: string; readonly message: string } | undefined {
  const { version, activeVersion, isLeader, own, peers } = request;
  const cannot = `Cannot activate wire version ${version}`;
  if (!isLeader)
    return { code: "not_leader", message: `${cannot}: this node does not lead, ask the leader` };
  if (version < activeVersion)
    return { code: "already_active", message: `${cannot}: version ${activeVersion} is active` };
  // The active version again is committed as well and changes nothing: a repeated order is no error.
  if (version > activeVersion + 1)
    return {
      code: "version_skipped",
      message: `${cannot}: version ${activeVersion} is active, activate version ${activeVersion + 1} first`,
    };
  if (version < own.min || version > own.max)
    return {
      code: "not_supported",
      message: `${cannot}: node ${own.id} reads ${own.min} to ${own.max}, every voter and learner must read it`,
    };
  const late = peers.filter(({ ageMs }) => ageMs >= FRESH_MS);
  const old = peers.filter(
    ({ ageMs, range }) => ageMs < FRESH_MS && (version < range.min || version > range.max),
  );
  if (late.length === 0 && old.length === 0) return undefined;
  const reasons = [
    ...old.map(({ id, range }) => `node ${id} reads ${range.min} to ${range.max}`),
    ...late.map(({ id }) => `node ${id} was not heard for ${FRESH_MS / 1000} s`),
  ];
  const ready = peers.length + 1 - old.length - late.length;
  return {
    code: old.length > 0 ? "not_supported" : "member_not_heard",
    message: `${cannot}: ${reasons.join(", ")}; every voter and learner must report it (${ready} of ${peers.length + 1} do)`,
  };
}

/** Its own body is written at the version before it, which every member reads. */
export function activationData(version: number, activeVersion: number): Uint8Array {
  const body = encodeStored(ActivateVersion, activeVersion, { version });
  return sealEntry({
    kind: EntryKindNumber.activate,
    version: activeVersion,
    critical: true,
    body,
  });
}
