//! What the host does with a message: value JSON to bytes by `bilrost`, and back.

use crate::{every_type, messages as v4, messages_v3 as v3, value_json};
use bilrost::{DecodeError, DistinguishedOwnedMessage};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[derive(Clone, Copy)]
pub struct Codec {
    pub encode: fn(&Value) -> Result<Vec<u8>, String>,
    pub decode: fn(&[u8], mode: &str) -> Result<Value, DecodeError>,
}

/// The messages of both versions by name; most are the same in both.
pub fn codec_of(version: u64, message: &str) -> Option<Codec> {
    macro_rules! find {
        ($module:ident: $($name:ident)*) => {
            match message {
                $(stringify!($name) => Some(codec::<$module::$name>()),)*
                _ => None,
            }
        };
    }
    let changed = match version {
        0 => return every_type::codec_of(message),
        3 => find!(v3: AppendRequest ClientRequest Heartbeat LogEntry NodeStatus SnapshotAck SnapshotChunk),
        4 => {
            find!(v4: AppendRequest ClientRequest CloseSession Heartbeat LogEntry NodeStatus SnapshotAck SnapshotChunk)
        }
        _ => return None,
    };
    changed.or_else(|| {
        find!(v4: ActivateVersion AppendResponse ClientResponse Command ConfigChange
        HardState HeartbeatResponse KeyValueSection MembershipSection ReadIndexRequest ReadIndexResponse
        SessionSection SnapshotManifest TimeoutNow VoteRequest VoteResponse)
    })
}

fn codec<M: DistinguishedOwnedMessage + Serialize + DeserializeOwned>() -> Codec {
    Codec {
        encode: |value| {
            M::deserialize(value)
                .map(|message| message.encode_to_vec())
                .map_err(|error| error.to_string())
        },
        decode: |bytes, mode| decode(bytes, mode, |message: M| json!(message)),
    }
}

/// `show` says what was read; the canonicity has the name that the crate gives it.
pub fn decode<M: DistinguishedOwnedMessage>(
    bytes: &[u8],
    mode: &str,
    show: fn(M) -> Value,
) -> Result<Value, DecodeError> {
    match mode {
        "relaxed" => M::decode(bytes).map(|message| json!({ "value": show(message) })),
        "distinguished" => M::decode_distinguished(bytes)
            .map(|(message, canonicity)| json!({ "value": show(message), "canonicity": format!("{canonicity:?}") })),
        _ => M::decode_canonical(bytes).map(|message| json!({ "value": show(message), "canonicity": "Canonical" })),
    }
}

#[derive(Serialize)]
pub struct Failure {
    kind: &'static str,
    code: String,
    message: String,
    path: Vec<String>,
}

impl Failure {
    pub fn host(code: &str, message: &str) -> Self {
        Self {
            kind: "HostError",
            code: code.into(),
            message: message.into(),
            path: vec![],
        }
    }

    pub fn encode(message: &str, why: &str) -> Self {
        let text = format!("Cannot encode {message}: {why}");
        Self {
            kind: "EncodeError",
            code: "InvalidValue".into(),
            message: text,
            path: vec![message.into()],
        }
    }

    /// The crate does not say where in the bytes; its path starts at the innermost field.
    pub fn decode(message: &str, error: &DecodeError) -> Self {
        let fields = error.path().iter().rev().map(|name| value_json::camel_case(name.field));
        Self {
            kind: "DecodeError",
            code: format!("{:?}", error.kind()),
            message: format!("Cannot decode {message}: {error}"),
            path: std::iter::once(message.into()).chain(fields).collect(),
        }
    }
}
