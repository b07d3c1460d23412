//! Value JSON where it differs from what serde does by itself: bytes are `{ "hex": … }`, and an
//! enumeration is the name of its variant, or `unknown(7)`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() % 2 == 1 {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hex {
    hex: String,
}

/// For fields with `#[serde(with = "value_json::bytes")]`.
pub mod bytes {
    use super::*;

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        Hex { hex: to_hex(bytes) }.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        from_hex(&Hex::deserialize(from)?.hex).ok_or_else(|| D::Error::custom("not hex"))
    }
}

pub mod optional_bytes {
    use super::*;

    pub fn serialize<S: Serializer>(bytes: &Option<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
        bytes.as_ref().map(|bytes| Hex { hex: to_hex(bytes) }).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<u8>>, D::Error> {
        super::bytes::deserialize(from).map(Some)
    }
}

/// A module for `#[serde(with = …)]` on a `u32` that holds a number of an enumeration. It is not an
/// enum here, because a number that has no name yet must survive.
macro_rules! variants {
    ($module:ident: $($name:literal)*) => {
        pub mod $module {
            const NAMES: &[&str] = &[$($name),*];

            pub fn serialize<S: serde::Serializer>(number: &u32, to: S) -> Result<S::Ok, S::Error> {
                crate::value_json::write_variant(*number, NAMES, to)
            }

            pub fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
                crate::value_json::read_variant(NAMES, from)
            }
        }
    };
}
pub(crate) use variants;

pub fn write_variant<S: Serializer>(number: u32, names: &[&str], to: S) -> Result<S::Ok, S::Error> {
    match names.get(number as usize) {
        Some(name) => to.serialize_str(name),
        None => to.serialize_str(&format!("unknown({number})")),
    }
}

pub fn read_variant<'de, D: Deserializer<'de>>(names: &[&str], from: D) -> Result<u32, D::Error> {
    let text = String::deserialize(from)?;
    if let Some(number) = names.iter().position(|name| *name == text) {
        return Ok(number as u32);
    }
    let digits = text.strip_prefix("unknown(").and_then(|rest| rest.strip_suffix(')'));
    digits
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(|| D::Error::custom(format!("{text:?} is no variant")))
}
