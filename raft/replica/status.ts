/** What a replica says of itself, to an operator and to its peers. */
import type { SoftState } from "../core/index.ts";
import type { NodeStatus } from "../wire/index.ts";
import type { Node } from "./node.ts";
import type { Connections } from "./peers/connections.ts";
import type { PeerTable } from "./peers/peer-table.ts";
import type { PeerView, ReplicaGlance, ReplicaStatus } from "./ports.ts";
import type { Snapshots } from "./snapshot/snapshots.ts";
import { DIGEST_VERSION } from "./state-machine/digest.ts";
import { everyone } from "./state-machine/membership.ts";
import { READABLE } from "./stored.ts";

export interface StatusParts {
  readonly node: Node;
  readonly connections: Connections;
  readonly table: PeerTable;
  readonly snapshots: Snapshots;
}

export function replicaStatus(parts: StatusParts, sequence: number): ReplicaStatus {
  const { node, snapshots } = parts;
  const { options, state, manifest, core } = node;
  const { lead, term, commit, lastIndex } = core.basicStatus();
  const { learners, addresses } = state.membership;
  return {
    clusterId: options.clusterId,
    nodeId: options.nodeId,
    release: options.release,
    range: READABLE,
    activeVersion: state.activeVersion,
    role: roleOf(node),
    term,
    leader: lead,
    commit,
    applied: state.appliedIndex,
    lastIndex,
    incarnation: manifest.incarnation,
    sequence,
    digest: { version: DIGEST_VERSION, index: state.appliedIndex, value: state.digest() },
    content: snapshots.content(),
    snapshotIndex: snapshots.index,
    members: everyone(state.membership).map((id) => ({
      id,
      peerAddress: addresses.get(id)?.peerAddress ?? "",
      clientAddress: addresses.get(id)?.clientAddress ?? "",
      learner: learners.includes(id),
    })),
    peers: peerViews(parts),
  };
}

/** Without lists, texts and digits: a simulation looks at it after each of its events. */
export function replicaGlance({ node }: StatusParts): ReplicaGlance {
  const { state, manifest, core, isLeaving } = node;
  const { term, commit, raftState, isLearner } = core.basicStatus();
  const { high, low } = state.digestNumbers();
  return {
    role: isLeaving ? "leaving" : roleIn(raftState, isLearner),
    leads: raftState === "leader",
    term,
    commit,
    applied: state.appliedIndex,
    activeVersion: state.activeVersion,
    incarnation: manifest.incarnation,
    digestVersion: DIGEST_VERSION,
    digestHigh: high >>> 0,
    digestLow: low >>> 0,
    voters: state.membership.voters,
    votersOutgoing: state.membership.votersOutgoing,
  };
}

export function peerViews({ node, connections, table }: StatusParts): readonly PeerView[] {
  const nowMs = node.ports.clock.nowMs();
  return everyone(node.state.membership)
    .filter((id) => id !== node.options.nodeId)
    .map((id) => {
      const conversation = connections.to(id);
      const negotiated = conversation?.agreed ?? 0;
      return table.view(id, { connected: conversation !== undefined, negotiated }, nowMs);
    });
}

export function nodeStatus({ node }: StatusParts, sequence: number): NodeStatus {
  const { options, state, manifest, core } = node;
  return {
    node: options.nodeId,
    release: options.release,
    min: READABLE.min,
    max: READABLE.max,
    activeVersion: state.activeVersion,
    role: roleOf(node),
    term: core.basicStatus().term,
    applied: state.appliedIndex,
    incarnation: manifest.incarnation,
    sequence,
    digestVersion: DIGEST_VERSION,
    digest: Uint8Array.from(state.digest().match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  };
}

function roleOf({ core, isLeaving }: Node): ReplicaStatus["role"] {
  if (isLeaving) return "leaving";
  const { raftState, isLearner } = core.basicStatus();
  return roleIn(raftState, isLearner);
}

function roleIn(raftState: SoftState["raftState"], isLearner: boolean): ReplicaStatus["role"] {
  if (isLearner) return "learner";
  return raftState === "preCandidate" ? "candidate" : raftState;
}
