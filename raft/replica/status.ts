/** What a replica says of itself, to an operator and to its peers. */
import type { NodeStatus } from "../wire/index.ts";
import type { Node } from "./node.ts";
import type { Connections } from "./peers/connections.ts";
import type { PeerTable } from "./peers/peer-table.ts";
import type { PeerView, ReplicaStatus } from "./ports.ts";
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
  const { lead, term, commit, lastIndex } = core.status();
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
    term: core.status().term,
    applied: state.appliedIndex,
    incarnation: manifest.incarnation,
    sequence,
    digestVersion: DIGEST_VERSION,
    digest: Uint8Array.from(state.digest().match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  };
}

function roleOf({ core, isLeaving }: Node): ReplicaStatus["role"] {
  if (isLeaving) return "leaving";
  const { raftState, isLearner } = core.status();
  if (isLearner) return "learner";
  return raftState === "preCandidate" ? "candidate" : raftState;
}
