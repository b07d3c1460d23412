//! A frame is the length of its body as a little-endian u32, then the body: JSON in UTF-8.

use std::io::{Error, ErrorKind, Read, Result, Write};

const BYTES_MAX: u32 = 256 * 1024 * 1024;

/// `None` when the input ends between two frames; an error when it ends inside one.
pub fn read(input: &mut impl Read) -> Result<Option<Vec<u8>>> {
    let mut head = [0; 4];
    if input.read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    input.read_exact(&mut head[1..])?;
    let length = u32::from_le_bytes(head);
    if length > BYTES_MAX {
        return Err(Error::new(
            ErrorKind::InvalidData,
            format!("a frame of {length} bytes is too long"),
        ));
    }
    // Grows with what arrives, not with what was announced.
    let mut body = Vec::new();
    input.take(length.into()).read_to_end(&mut body)?;
    if body.len() < length as usize {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(body))
}

pub fn write(output: &mut impl Write, body: &serde_json::Value) -> Result<()> {
    let body = serde_json::to_vec(body)?;
    output.write_all(&(body.len() as u32).to_le_bytes())?;
    output.write_all(&body)?;
    output.flush()
}
