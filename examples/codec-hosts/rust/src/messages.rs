//! The messages of wire version 4 as `bilrost` sees them: tags and encodings by attribute. Those that
//! version 3 has too, unchanged, serve for both.

use crate::value_json::{self, variants};
use bilrost::{Message, Oneof};
use serde::{Deserialize, Serialize};

variants!(entry_kind: "noop" "command" "config" "activate" "closeSession");
variants!(node_role: "follower" "leader" "candidate" "learner" "leaving");
variants!(snapshot_ack_status: "accepted" "restart" "installed" "refused");
variants!(client_status: "ok" "notLeader" "notFound" "mismatch" "busy" "staleSequence" "unknownSession" "unavailable" "malformed");
variants!(config_transition: "simple" "joint" "leave");
variants!(config_change_kind: "addVoter" "addLearner" "remove");

/// A message: fields left out of the JSON are empty, and fields that it does not have are refused.
macro_rules! messages {
    ($($(#[$attribute:meta])* struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$attribute])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Message, Serialize, Deserialize)]
        #[bilrost(distinguished)]
        #[serde(default, deny_unknown_fields, rename_all = "camelCase")]
        pub struct $name { $($body)* }
    )*};
}
pub(crate) use messages;

messages! {
    struct LogEntry {
        #[bilrost(1)] #[serde(with = "entry_kind")] kind: u32,
        #[bilrost(2)] version: u32,
        #[bilrost(3)] critical: bool,
        #[bilrost(4)] term: u64,
        #[bilrost(5)] index: u64,
        #[bilrost(tag(6), encoding(plainbytes))] #[serde(with = "value_json::bytes")] body: Vec<u8>,
    }

    struct AppendRequest {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] leader: u64,
        #[bilrost(3)] prev_index: u64,
        #[bilrost(4)] prev_term: u64,
        #[bilrost(5)] commit: u64,
        #[bilrost(tag(6), encoding(packed))] entries: Vec<LogEntry>,
    }

    struct AppendResponse {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] index: u64,
        #[bilrost(3)] reject: bool,
        #[bilrost(4)] hint_index: u64,
        #[bilrost(5)] hint_term: u64,
    }

    struct VoteRequest {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] candidate: u64,
        #[bilrost(3)] last_index: u64,
        #[bilrost(4)] last_term: u64,
        #[bilrost(5)] transfer: bool,
        #[bilrost(6)] pre_vote: bool,
    }

    struct VoteResponse {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] granted: bool,
        #[bilrost(3)] pre_vote: bool,
    }

    struct TimeoutNow {
        #[bilrost(1)] term: u64,
    }

    struct Heartbeat {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] commit: u64,
        #[bilrost(tag(3), encoding(plainbytes))] #[serde(with = "value_json::bytes")] context: Vec<u8>,
        #[bilrost(5)] #[serde(skip_serializing_if = "Option::is_none")] lease_ms: Option<u32>,
    }

    struct HeartbeatResponse {
        #[bilrost(1)] term: u64,
        #[bilrost(tag(2), encoding(plainbytes))] #[serde(with = "value_json::bytes")] context: Vec<u8>,
    }

    struct ReadIndexRequest {
        #[bilrost(1)] term: u64,
        #[bilrost(tag(2), encoding(plainbytes))] #[serde(with = "value_json::bytes")] context: Vec<u8>,
    }

    struct ReadIndexResponse {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] index: u64,
        #[bilrost(tag(3), encoding(plainbytes))] #[serde(with = "value_json::bytes")] context: Vec<u8>,
    }

    struct SnapshotChunk {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] session: u64,
        #[bilrost(3)] index: u64,
        #[bilrost(4)] snapshot_term: u64,
        #[bilrost(5)] offset: u64,
        #[bilrost(6)] total: u64,
        #[bilrost(7)] last: bool,
        #[bilrost(tag(8), encoding(plainbytes))] #[serde(with = "value_json::bytes")] bytes: Vec<u8>,
        #[bilrost(tag(9), encoding(fixed))] #[serde(skip_serializing_if = "Option::is_none")] crc32c: Option<u32>,
    }

    struct SnapshotAck {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] session: u64,
        #[bilrost(3)] next_offset: u64,
        #[bilrost(4)] #[serde(with = "snapshot_ack_status")] status: u32,
    }

    struct NodeStatus {
        #[bilrost(1)] node: u64,
        #[bilrost(2)] release: String,
        #[bilrost(3)] min: u32,
        #[bilrost(4)] max: u32,
        #[bilrost(5)] active_version: u32,
        #[bilrost(6)] #[serde(with = "node_role")] role: u32,
        #[bilrost(7)] term: u64,
        #[bilrost(8)] applied: u64,
        #[bilrost(9)] incarnation: u64,
        #[bilrost(10)] sequence: u64,
        #[bilrost(11)] digest_version: u32,
        #[bilrost(tag(12), encoding(plainbytes))] #[serde(with = "value_json::bytes")] digest: Vec<u8>,
    }

    struct ClientRequest {
        #[bilrost(1)] session: u64,
        #[bilrost(2)] sequence: u64,
        #[bilrost(oneof(3-9))] op: Option<ClientOp>,
    }

    struct ClientResponse {
        #[bilrost(1)] session: u64,
        #[bilrost(2)] sequence: u64,
        #[bilrost(3)] #[serde(with = "client_status")] status: u32,
        #[bilrost(4)] leader: u64,
        #[bilrost(5)] leader_address: String,
        #[bilrost(tag(6), encoding(plainbytes))]
        #[serde(with = "value_json::optional_bytes", skip_serializing_if = "Option::is_none")]
        value: Option<Vec<u8>>,
        #[bilrost(7)] index: u64,
    }

    struct OpenSession {}

    struct Get {
        #[bilrost(tag(1), encoding(plainbytes))] #[serde(with = "value_json::bytes")] key: Vec<u8>,
    }

    struct Put {
        #[bilrost(tag(1), encoding(plainbytes))] #[serde(with = "value_json::bytes")] key: Vec<u8>,
        #[bilrost(tag(2), encoding(plainbytes))] #[serde(with = "value_json::bytes")] value: Vec<u8>,
    }

    struct Append {
        #[bilrost(tag(1), encoding(plainbytes))] #[serde(with = "value_json::bytes")] key: Vec<u8>,
        #[bilrost(tag(2), encoding(plainbytes))] #[serde(with = "value_json::bytes")] value: Vec<u8>,
    }

    struct Delete {
        #[bilrost(tag(1), encoding(plainbytes))] #[serde(with = "value_json::bytes")] key: Vec<u8>,
    }

    struct CompareAndSwap {
        #[bilrost(tag(1), encoding(plainbytes))] #[serde(with = "value_json::bytes")] key: Vec<u8>,
        #[bilrost(tag(2), encoding(plainbytes))]
        #[serde(with = "value_json::optional_bytes", skip_serializing_if = "Option::is_none")]
        expected: Option<Vec<u8>>,
        #[bilrost(tag(3), encoding(plainbytes))] #[serde(with = "value_json::bytes")] value: Vec<u8>,
    }

    struct CloseSession {
        #[bilrost(1)] session: u64,
    }

    struct Command {
        #[bilrost(1)] session: u64,
        #[bilrost(2)] sequence: u64,
        #[bilrost(oneof(3, 5-8))] op: Option<CommandOp>,
    }

    struct HardState {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] vote: u64,
        #[bilrost(3)] commit: u64,
    }

    struct ConfigChange {
        #[bilrost(1)] #[serde(with = "config_transition")] transition: u32,
        #[bilrost(2)] changes: Vec<MemberChange>,
    }

    struct MemberChange {
        #[bilrost(1)] #[serde(with = "config_change_kind")] kind: u32,
        #[bilrost(2)] node: u64,
        #[bilrost(3)] peer_address: String,
        #[bilrost(4)] client_address: String,
    }

    struct ActivateVersion {
        #[bilrost(1)] version: u32,
    }

    struct SnapshotManifest {
        #[bilrost(1)] index: u64,
        #[bilrost(2)] term: u64,
        #[bilrost(3)] active_version: u32,
        #[bilrost(4)] digest_version: u32,
        #[bilrost(tag(5), encoding(plainbytes))] #[serde(with = "value_json::bytes")] digest: Vec<u8>,
    }

    struct KeyValueSection {
        #[bilrost(1)] pairs: Vec<Pair>,
    }

    struct Pair {
        #[bilrost(tag(1), encoding(plainbytes))] #[serde(with = "value_json::bytes")] key: Vec<u8>,
        #[bilrost(tag(2), encoding(plainbytes))] #[serde(with = "value_json::bytes")] value: Vec<u8>,
    }

    struct SessionSection {
        #[bilrost(1)] sessions: Vec<StoredSession>,
    }

    struct StoredSession {
        #[bilrost(1)] id: u64,
        #[bilrost(2)] sequence: u64,
        #[bilrost(3)] version: u32,
        #[bilrost(tag(4), encoding(plainbytes))] #[serde(with = "value_json::bytes")] response: Vec<u8>,
    }

    struct MembershipSection {
        #[bilrost(1)] voters: Vec<u64>,
        #[bilrost(2)] learners: Vec<u64>,
        #[bilrost(3)] members: Vec<Member>,
        #[bilrost(tag(4), encoding(packed))] voters_outgoing: Vec<u64>,
        #[bilrost(tag(5), encoding(packed))] learners_next: Vec<u64>,
        #[bilrost(6)] auto_leave: bool,
    }

    struct Member {
        #[bilrost(1)] id: u64,
        #[bilrost(2)] peer_address: String,
        #[bilrost(3)] client_address: String,
    }
}

/// A oneof is `{ "case": …, "value": … }` in the JSON, or null.
macro_rules! oneofs {
    ($(enum $name:ident { $($body:tt)* })*) => {$(
        #[derive(Debug, Clone, PartialEq, Eq, Oneof, Serialize, Deserialize)]
        #[bilrost(distinguished)]
        #[serde(tag = "case", content = "value", rename_all = "camelCase")]
        pub enum $name { $($body)* }
    )*};
}
pub(crate) use oneofs;

oneofs! {
    enum ClientOp {
        #[bilrost(3)] OpenSession(OpenSession),
        #[bilrost(4)] Get(Get),
        #[bilrost(5)] Put(Put),
        #[bilrost(6)] Append(Append),
        #[bilrost(7)] Delete(Delete),
        #[bilrost(8)] CompareAndSwap(CompareAndSwap),
        #[bilrost(9)] CloseSession(CloseSession),
    }

    enum CommandOp {
        #[bilrost(3)] OpenSession(OpenSession),
        #[bilrost(5)] Put(Put),
        #[bilrost(6)] Append(Append),
        #[bilrost(7)] Delete(Delete),
        #[bilrost(8)] CompareAndSwap(CompareAndSwap),
    }
}
