/** The door of the Raft core: message in, Ready out; no bytes, clock, promise or I/O inside. */
export type { Config, ReadOnlyOption, Rules } from "./config.ts";
export {
  CompactedError,
  ConfigError,
  SnapshotOutOfDateError,
  SnapshotTemporarilyUnavailableError,
  type StepRefusal,
  type StepRefusalCode,
  UnavailableError,
} from "./errors.ts";
export {
  isLocalMessage,
  isLocalTarget,
  isResponse,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  message,
} from "./message.ts";
export { RawNode } from "./raw-node.ts";
export type { BasicStatus, ProgressStateName, ProgressView, Status } from "./status.ts";
export { EMPTY_CONF_STATE, EMPTY_HARD_STATE, EMPTY_SNAPSHOT, MemoryStorage } from "./storage.ts";
export {
  type Trace,
  type TraceConfChange,
  type TraceEvent,
  type TraceMessage,
  type TraceName,
  traceLine,
} from "./trace.ts";
export {
  type ConfChangeSingle,
  type ConfChangeTransition,
  type ConfChangeType,
  type ConfChangeV2,
  type ConfState,
  type Entry,
  type EntryType,
  type HardState,
  type Message,
  type MessageType,
  NONE,
  type NodeId,
  type ReadState,
  type Ready,
  type Snapshot,
  type SnapshotMetadata,
  type SoftState,
  type StateType,
  type Storage,
} from "./types.ts";
