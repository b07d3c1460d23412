//! What version 4 changed, as it was in version 3: a retired field, no read leases, snapshots below
//! 4 GiB, and fewer variants.

use crate::messages::{Append, CompareAndSwap, Delete, Get, OpenSession, Put, messages, oneofs, snapshot_ack_status};
use crate::value_json::{self, variants};
use bilrost::{Message, Oneof};
use serde::{Deserialize, Serialize};

variants!(entry_kind: "noop" "command" "config" "activate");
variants!(node_role: "follower" "leader" "candidate" "learner");

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

    struct Heartbeat {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] commit: u64,
        #[bilrost(tag(3), encoding(plainbytes))] #[serde(with = "value_json::bytes")] context: Vec<u8>,
        #[bilrost(4)] queue_depth: u32,
    }

    struct SnapshotChunk {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] session: u64,
        #[bilrost(3)] index: u64,
        #[bilrost(4)] snapshot_term: u64,
        #[bilrost(5)] offset: u32,
        #[bilrost(6)] total: u32,
        #[bilrost(7)] last: bool,
        #[bilrost(tag(8), encoding(plainbytes))] #[serde(with = "value_json::bytes")] bytes: Vec<u8>,
        #[bilrost(tag(9), encoding(fixed))] #[serde(skip_serializing_if = "Option::is_none")] crc32c: Option<u32>,
    }

    struct SnapshotAck {
        #[bilrost(1)] term: u64,
        #[bilrost(2)] session: u64,
        #[bilrost(3)] next_offset: u32,
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
        #[bilrost(oneof(3-8))] op: Option<ClientOp>,
    }
}

oneofs! {
    enum ClientOp {
        #[bilrost(3)] OpenSession(OpenSession),
        #[bilrost(4)] Get(Get),
        #[bilrost(5)] Put(Put),
        #[bilrost(6)] Append(Append),
        #[bilrost(7)] Delete(Delete),
        #[bilrost(8)] CompareAndSwap(CompareAndSwap),
    }
}
