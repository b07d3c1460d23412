/** A membership change in its three forms: asked for, in the log, in the core. */
import type { ConfChangeV2, Entry } from "../core/index.ts";
import { ConfigChange, EntryKindNumber, openEntry, sealEntry } from "../wire/index.ts";
import type { MembershipChange } from "./ports.ts";
import { decodeStored, encodeStored } from "./stored.ts";

const NO_BYTES = new Uint8Array(0);
const CORE_TYPES = {
  addVoter: "addNode",
  addLearner: "addLearnerNode",
  remove: "removeNode",
} as const;

export function configEntryData(change: MembershipChange, version: number): Uint8Array {
  const { id, peerAddress, clientAddress } =
    change.kind === "remove"
      ? { id: change.id, peerAddress: "", clientAddress: "" }
      : change.member;
  const body = encodeStored(ConfigChange, version, {
    kind: change.kind,
    node: id,
    peerAddress,
    clientAddress,
  });
  return sealEntry({ kind: EntryKindNumber.config, version, critical: true, body });
}

/** Throws `DecodeError`. Undefined: a kind of change that this release does not know. */
export function readConfigEntry({ data }: Entry): MembershipChange | undefined {
  const { body, version } = openEntry(data);
  const { kind, node, peerAddress, clientAddress } = decodeStored(ConfigChange, version, body);
  switch (kind) {
    case "remove":
      return { kind, id: node };
    case "addVoter":
    case "addLearner":
      return { kind, member: { id: node, peerAddress, clientAddress } };
    default:
      return undefined;
  }
}

/** For the core, which only has to know who comes and goes. */
export function confChangeOf(entry: Entry): ConfChangeV2 {
  if (entry.data.length === 0) return { transition: "auto", changes: [], context: NO_BYTES };
  const change = readConfigEntry(entry);
  if (!change) return { transition: "auto", changes: [], context: NO_BYTES };
  const nodeId = change.kind === "remove" ? change.id : change.member.id;
  return {
    transition: "auto",
    changes: [{ type: CORE_TYPES[change.kind], nodeId }],
    context: NO_BYTES,
  };
}
