//! JSON, written with room for what is usual here.

use serde::Serialize;

/// An event or an answer rarely needs more.
const USUAL: usize = 2_048;

/// Writes a value as JSON.
pub fn text_of(value: &impl Serialize) -> serde_json::Result<String> {
    let mut out = Vec::with_capacity(USUAL);
    serde_json::to_writer(&mut out, value)?;
    String::from_utf8(out).map_err(serde::ser::Error::custom)
}
