/** The loop around the Raft core through ports: log on disk, snapshots, state machine, sessions, activation. */
export { createReplica } from "./create-replica.ts";
export {
  type Chance,
  type Clock,
  type ConnectionId,
  type Disk,
  type DiskError,
  type HaltReason,
  type Link,
  type MemberAddress,
  type MembershipChange,
  type Outcome,
  type PeerView,
  PORTS_VERSION,
  type Replica,
  type ReplicaEvent,
  type ReplicaGlance,
  type ReplicaOptions,
  type ReplicaPorts,
  type ReplicaStatus,
  type SingleMembershipChange,
  type StartOutcome,
} from "./ports.ts";
