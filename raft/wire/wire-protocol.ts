/** The reference protocol: its wire versions, and every message with the surface it lives on. */
import {
  type MessageDefinition,
  type ProtocolMessage,
  protocol,
  type Surface,
} from "../../codecs/index.ts";
import { AppendRequest, AppendResponse } from "./messages/append.ts";
import { ClientRequest, ClientResponse } from "./messages/client.ts";
import { CloseSession, Command } from "./messages/command.ts";
import {
  Heartbeat,
  HeartbeatResponse,
  ReadIndexRequest,
  ReadIndexResponse,
} from "./messages/heartbeat.ts";
import { LogEntry } from "./messages/log-entry.ts";
import { NodeStatus } from "./messages/node-status.ts";
import { SnapshotAck, SnapshotChunk } from "./messages/snapshot-transfer.ts";
import {
  ActivateVersion,
  ConfigChange,
  HardState,
  KeyValueSection,
  MembershipSection,
  SessionSection,
  SnapshotManifest,
} from "./messages/stored.ts";
import { TimeoutNow, VoteRequest, VoteResponse } from "./messages/vote.ts";
import { VERSIONS } from "./versions/index.ts";
import type { Rules } from "./versions/rules.ts";

const on = (surface: Surface, definition: MessageDefinition<object>): ProtocolMessage => ({
  definition,
  surface,
});

export const wireProtocol = protocol("replicated-log", {
  versions: VERSIONS,
  messages: {
    AppendRequest: on("connection", AppendRequest),
    AppendResponse: on("connection", AppendResponse),
    VoteRequest: on("connection", VoteRequest),
    VoteResponse: on("connection", VoteResponse),
    Heartbeat: on("connection", Heartbeat),
    HeartbeatResponse: on("connection", HeartbeatResponse),
    SnapshotChunk: on("connection", SnapshotChunk),
    SnapshotAck: on("connection", SnapshotAck),
    TimeoutNow: on("connection", TimeoutNow),
    ReadIndexRequest: on("connection", ReadIndexRequest),
    ReadIndexResponse: on("connection", ReadIndexResponse),
    NodeStatus: on("connection", NodeStatus),
    ClientRequest: on("client", ClientRequest),
    ClientResponse: on("client", ClientResponse),
    LogEntry: on("log", LogEntry),
    HardState: on("log", HardState),
    Command: on("log", Command),
    CloseSession: { ...on("log", CloseSession), since: 4 },
    ConfigChange: on("log", ConfigChange),
    ActivateVersion: on("log", ActivateVersion),
    SnapshotManifest: on("snapshot", SnapshotManifest),
    KeyValueSection: on("snapshot", KeyValueSection),
    SessionSection: on("snapshot", SessionSection),
    MembershipSection: on("snapshot", MembershipSection),
  },
});

/** Defaults and limits while `version` is active. */
export function rulesOf(version: number): Rules {
  return wireProtocol.rules(version) as Rules;
}
