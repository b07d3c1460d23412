//! The real `bilrost` crate behind wirespan's codec host protocol (docs/reference/codec-host.md): calls
//! come in on stdin, replies go out on stdout, in the same order; whatever is for people goes to stderr.

mod codec;
#[rustfmt::skip] // A field a line.
mod every_type;
mod frames;
mod messages;
mod messages_v3;
mod value_json;

use codec::{Failure, codec_of};
use serde_json::{Value, json};

const PROTOCOL: u64 = 1;

fn main() -> std::io::Result<()> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    while let Some(body) = frames::read(&mut input)? {
        let (id, ask, result) = match serde_json::from_slice::<Value>(&body) {
            Ok(call) => {
                let ask = call["ask"].as_str().unwrap_or_default().to_owned();
                (call["id"].clone(), ask.clone(), answer(&ask, &call))
            }
            Err(error) => (Value::Null, String::new(), Err(bad_call(&error.to_string()))),
        };
        let reply = match result {
            Ok(answer) => json!({ "id": id, "answer": answer }),
            Err(error) => json!({ "id": id, "error": error }),
        };
        frames::write(&mut output, &reply)?;
        if ask == "bye" {
            break;
        }
    }
    Ok(())
}

fn answer(ask: &str, call: &Value) -> Result<Value, Failure> {
    match ask {
        "hello" if call["protocol"] == PROTOCOL => Ok(json!({ "protocol": PROTOCOL, "name": "bilrost 0.1016.3" })),
        "hello" => Err(Failure::host(
            "UnsupportedProtocol",
            "Cannot talk: version 1 is known here",
        )),
        "describe" => Ok(describe()),
        "encode" => {
            let (message, codec) = find(call)?;
            let bytes = (codec.encode)(&call["value"]).map_err(|why| Failure::encode(message, &why))?;
            Ok(json!({ "bytes": value_json::to_hex(&bytes) }))
        }
        "decode" => {
            let (message, codec) = find(call)?;
            let bytes = call["bytes"].as_str().and_then(value_json::from_hex);
            let bytes = bytes.ok_or_else(|| bad_call("\"bytes\" is no hex"))?;
            let mode = call["mode"].as_str().unwrap_or("relaxed");
            (codec.decode)(&bytes, mode).map_err(|error| Failure::decode(message, &error))
        }
        "bye" => Ok(json!({})),
        _ => Err(Failure::host(
            "UnsupportedCall",
            "Cannot answer: hello, describe, encode, decode and bye are known here",
        )),
    }
}

fn find(call: &Value) -> Result<(&str, codec::Codec), Failure> {
    let message = call["message"].as_str().unwrap_or_default();
    let version = call["version"].as_u64().unwrap_or_default();
    match codec_of(version, message) {
        Some(codec) => Ok((message, codec)),
        None => Err(bad_call(&format!("there is no {message} of version {version} here"))),
    }
}

fn bad_call(why: &str) -> Failure {
    Failure::host("BadCall", &format!("Cannot take the call: {why}"))
}

/// One message or enumeration a line, put together by version.
fn describe() -> Value {
    let version = |number: u64| {
        let parts: Vec<Value> = include_str!("description.jsonl")
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("the description is JSON"))
            .filter(|part| part["version"] == number)
            .collect();
        let all = |key: &str| -> Vec<&Value> { parts.iter().filter_map(|part| part.get(key)).collect() };
        json!({
            "version": number,
            "format": "bilrost",
            "modes": ["relaxed", "distinguished", "canonical"],
            "messages": all("message"),
            "enumerations": all("enumeration"),
        })
    };
    json!({
        "name": "bilrost 0.1016.3",
        "versions": [version(3), version(4)],
        "capabilities": {
            "rewrite": false,
            "edit": false,
            "unknownFields": "dropped",
        },
    })
}
