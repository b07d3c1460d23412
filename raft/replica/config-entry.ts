/** A membership change in its three forms: asked for, in the log, in the core. */
import type { ConfChangeSingle, ConfChangeV2, Entry } from "../core/index.ts";
import { ConfigChange, EntryKindNumber, openEntry, sealEntry } from "../wire/index.ts";
import type { MemberAddress, MembershipChange, SingleMembershipChange } from "./ports.ts";
import { decodeStored, encodeStored } from "./stored.ts";

const NO_BYTES = new Uint8Array(0);
const CORE_TYPES = {
  addVoter: "addNode",
  addLearner: "addLearnerNode",
  remove: "removeNode",
} as const;

export function configEntryData(change: MembershipChange, version: number): Uint8Array {
  return change.kind === "joint"
    ? sealConfig({ transition: "joint", changes: change.changes.map(stored) }, version)
    : sealConfig({ transition: "simple", changes: [stored(change)] }, version);
}

/** Ends a joint phase. */
export function leaveJointData(version: number): Uint8Array {
  return sealConfig({ transition: "leave", changes: [] }, version);
}

function sealConfig(change: ConfigChange, version: number): Uint8Array {
  const body = encodeStored(ConfigChange, version, change);
  return sealEntry({ kind: EntryKindNumber.config, version, critical: true, body });
}

function stored(change: SingleMembershipChange): ConfigChange["changes"][number] {
  const { kind } = change;
  if (kind === "remove") return { kind, node: change.id, peerAddress: "", clientAddress: "" };
  const { id, peerAddress, clientAddress } = change.member;
  return { kind, node: id, peerAddress, clientAddress };
}

export interface ReadConfigEntry {
  readonly forCore: ConfChangeV2;
  /** Addresses of those who come. */
  readonly added: readonly MemberAddress[];
}

/** Throws `DecodeError`. Undefined: a change that this release does not know, or none at all. */
export function readConfigEntry({ data }: Entry): ReadConfigEntry | undefined {
  const { body, version } = openEntry(data);
  const { transition, changes } = decodeStored(ConfigChange, version, body);
  if (transition === "leave") return { forCore: NO_CHANGE, added: [] };
  const known = changes.flatMap(({ kind, node }): ConfChangeSingle[] =>
    kind in CORE_TYPES ? [{ type: CORE_TYPES[kind as keyof typeof CORE_TYPES], nodeId: node }] : [],
  );
  const isKnown = transition === "simple" || transition === "joint";
  if (!isKnown || known.length < changes.length || known.length === 0) return undefined;
  const added = changes
    .filter(({ kind }) => kind !== "remove")
    .map(({ node, peerAddress, clientAddress }) => ({ id: node, peerAddress, clientAddress }));
  const forCore: ConfChangeV2 = {
    transition: transition === "joint" ? "jointExplicit" : "auto",
    changes: known,
    context: NO_BYTES,
  };
  return { forCore, added };
}

const NO_CHANGE: ConfChangeV2 = { transition: "auto", changes: [], context: NO_BYTES };

/** For the core, which only has to know who comes and goes. */
export function confChangeOf(entry: Entry): ConfChangeV2 {
  return (entry.data.length > 0 && readConfigEntry(entry)?.forCore) || NO_CHANGE;
}
