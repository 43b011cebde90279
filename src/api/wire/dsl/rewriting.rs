//! The three uses of the tables: exactly as a server, leniently, and backwards.

use serde_json::Value;

use super::refusal::Refusal;
use crate::api::line::Line;

/// Gives what a server of this line shows for a search body written to it, or how it refuses it.
pub fn rewrite(body: &Value, _line: Line) -> Result<Value, Refusal> {
    Ok(body.clone())
}

/// Gives the same, but never fails: what no table knows is kept as it stands.
pub fn expand(body: &Value, _line: Line) -> Value {
    body.clone()
}

/// Gives the shortest honest spelling of an expanded body.
pub fn shorten(body: &Value) -> Value {
    body.clone()
}

/// Gives the one form in which two bodies that mean the same are `==`.
pub fn canonical(body: &Value, line: Line) -> Value {
    shorten(&expand(body, line))
}
