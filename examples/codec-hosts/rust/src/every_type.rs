//! Not messages of the protocol: every type and encoding that the crate has, for the test in which
//! wirespan's codec and the crate read the same damaged bytes. They are messages of version 0, which is
//! not described, and have no value JSON: what was read is told by its bytes, written again.

use crate::codec::{Codec, decode};
use crate::value_json::to_hex;
use bilrost::{Enumeration, Message, Oneof, OwnedMessage};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroI64, NonZeroU32};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Enumeration)]
pub enum Kind {
    #[default]
    None = 0,
    Some = 1,
    Many = 300,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Message)]
#[bilrost(distinguished)]
pub struct Small {
    #[bilrost(0)] number: u32,
    #[bilrost(1)] text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Oneof)]
#[bilrost(distinguished)]
pub enum Choice {
    #[bilrost(60)] Number(i32),
    #[bilrost(61)] Text(String),
    #[bilrost(62)] Small(Small),
    #[bilrost(tag(63), encoding(packed))] Numbers(Vec<u64>),
    #[bilrost(tag(64), encoding(fixed))] Fixed(u64),
    #[bilrost(tag(65), message)]
    InPlace { #[bilrost(1)] flag: bool },
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Message)]
#[bilrost(distinguished)]
pub struct EveryType {
    #[bilrost(0)] flag: bool,
    #[bilrost(tag(1), encoding(varint))] u8: u8,
    #[bilrost(2)] u16: u16,
    #[bilrost(3)] u32: u32,
    #[bilrost(4)] u64: u64,
    #[bilrost(tag(5), encoding(varint))] i8: i8,
    #[bilrost(6)] i16: i16,
    #[bilrost(7)] i32: i32,
    #[bilrost(8)] i64: i64,
    #[bilrost(tag(9), encoding(fixed))] fixed_u32: u32,
    #[bilrost(tag(10), encoding(fixed))] fixed_u64: u64,
    #[bilrost(tag(11), encoding(fixed))] fixed_i32: i32,
    #[bilrost(tag(12), encoding(fixed))] fixed_i64: i64,
    #[bilrost(13)] text: String,
    #[bilrost(tag(14), encoding(plainbytes))] bytes: Vec<u8>,
    #[bilrost(tag(15), encoding(plainbytes))] byte_array: [u8; 4],
    #[bilrost(tag(16), encoding(fixed))] fixed_bytes: [u8; 8],
    #[bilrost(17)] optional_number: Option<u32>,
    #[bilrost(18)] optional_text: Option<String>,
    #[bilrost(tag(19), encoding(fixed))] optional_fixed: Option<u64>,
    #[bilrost(20)] optional_flag: Option<bool>,
    #[bilrost(tag(21), recurses)] inside: Option<Box<EveryType>>,
    #[bilrost(22)] list: Vec<u32>,
    #[bilrost(tag(23), encoding(packed))] packed: Vec<u32>,
    #[bilrost(tag(24), encoding(packed<fixed>))] packed_fixed: Vec<u32>,
    #[bilrost(25)] texts: Vec<String>,
    #[bilrost(tag(26), encoding(packed))] packed_texts: Vec<String>,
    #[bilrost(tag(27), encoding(packed))] flags: Vec<bool>,
    #[bilrost(28)] smalls: Vec<Small>,
    #[bilrost(tag(29), encoding(packed))] packed_smalls: Vec<Small>,
    #[bilrost(30)] map: BTreeMap<u32, String>,
    #[bilrost(31)] by_text: BTreeMap<String, u64>,
    #[bilrost(32)] maps: BTreeMap<bool, BTreeMap<i32, Small>>,
    #[bilrost(33)] set: BTreeSet<u32>,
    #[bilrost(tag(34), encoding(packed))] packed_set: BTreeSet<String>,
    #[bilrost(tag(35), encoding(unpacked))] array: [u32; 3],
    #[bilrost(tag(36), encoding(packed))] packed_array: [i16; 3],
    #[bilrost(37)] tuple: (u32, String, bool),
    #[bilrost(38)] non_zero: Option<NonZeroU32>,
    #[bilrost(tag(39), encoding(fixed))] non_zero_fixed: Option<NonZeroI64>,
    #[bilrost(40)] kind: Kind,
    #[bilrost(41)] optional_kind: Option<Kind>,
    #[bilrost(tag(42), encoding(packed))] kinds: Vec<Kind>,
    #[bilrost(43)] kind_set: BTreeSet<Kind>,
    #[bilrost(44)] lists: Vec<Vec<u32>>,
    #[bilrost(tag(45), encoding(packed))] optional_list: Option<Vec<u32>>,
    #[bilrost(tag(46), encoding(unpacked<fixed>))] list_fixed: Vec<u64>,
    #[bilrost(tag(47), encoding(map<plainbytes, packed>))] by_bytes: BTreeMap<Vec<u8>, Vec<u32>>,
    #[bilrost(oneof(60-65))] choice: Option<Choice>,
}

/// Floats have no canonical bytes in the crate.
#[derive(Debug, Clone, Default, PartialEq, Message)]
pub struct EveryFloat {
    #[bilrost(1)] f32: f32,
    #[bilrost(2)] f64: f64,
    #[bilrost(3)] optional: Option<f64>,
    #[bilrost(tag(4), encoding(packed))] packed: Vec<f32>,
    #[bilrost(5)] list: Vec<f64>,
    #[bilrost(6)] map: BTreeMap<u32, f32>,
    #[bilrost(tag(7), encoding(unpacked))] array: [f64; 2],
}

pub fn codec_of(message: &str) -> Option<Codec> {
    let encode = |_: &Value| Err("it has no value JSON".into());
    match message {
        "EveryType" => Some(Codec { encode, decode: |bytes, mode| decode(bytes, mode, |read: EveryType| again(&read)) }),
        "EveryFloat" => Some(Codec { encode, decode: |bytes, _| EveryFloat::decode(bytes).map(|read| json!({ "value": again(&read) })) }),
        _ => None,
    }
}

fn again(read: &impl Message) -> Value {
    json!({ "hex": to_hex(&read.encode_to_vec()) })
}
