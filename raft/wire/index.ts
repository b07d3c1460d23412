export {
  type Admission,
  type AdmissionCode,
  isKnownKind,
  type Recipient,
  refuseFrame,
} from "./admission.ts";
export { crc32c } from "./crc32c.ts";
export { fromLogEntry, toLogEntry } from "./entries.ts";
export {
  bodyVersion,
  type EntryEnvelope,
  EntryKindNumber,
  kindOf,
  openEntry,
  sealEntry,
} from "./envelope.ts";
export {
  FRAME_HEADER_BYTES,
  type Frame,
  FrameError,
  type FrameErrorCode,
  type FrameHeader,
  FrameKind,
  isIgnorable,
  writeFrame,
} from "./frame.ts";
export { FrameParser, readFrame } from "./frame-parser.ts";
export {
  type Hello,
  HelloError,
  type Refusal,
  type Role,
  readHello,
  readRefusal,
  readWelcome,
  type VersionRange,
  type Welcome,
  writeHello,
  writeRefusal,
  writeWelcome,
} from "./hello.ts";
export { AppendRequest, AppendResponse } from "./messages/append.ts";
export { ClientRequest, ClientResponse, ClientStatus } from "./messages/client.ts";
export { CloseSession, Command } from "./messages/command.ts";
export {
  Heartbeat,
  HeartbeatResponse,
  ReadIndexRequest,
  ReadIndexResponse,
} from "./messages/heartbeat.ts";
export { EntryKind, LogEntry } from "./messages/log-entry.ts";
export { NodeRole, NodeStatus } from "./messages/node-status.ts";
export { SnapshotAck, SnapshotAckStatus, SnapshotChunk } from "./messages/snapshot-transfer.ts";
export {
  ActivateVersion,
  ConfigChange,
  ConfigChangeKind,
  HardState,
  KeyValueSection,
  MembershipSection,
  SessionSection,
  SnapshotManifest,
} from "./messages/stored.ts";
export { TimeoutNow, VoteRequest, VoteResponse } from "./messages/vote.ts";
export { answerHello, type Negotiation, type Own, ownText, type RefusalCode } from "./negotiate.ts";
export { RELEASE, WRITES } from "./release.ts";
export {
  decodeCoreMessage,
  type EncodedMessage,
  encodeCoreMessage,
  type Sender,
} from "./translate.ts";
export type { Rules } from "./versions/rules.ts";
export { rulesOf, wireProtocol } from "./wire-protocol.ts";
