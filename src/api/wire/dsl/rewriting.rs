//! The three uses of the tables: exactly as a server, leniently, and backwards.

use serde_json::Value;

use super::refusal::Refusal;
use super::schema::{At, Mode};
use super::{body, queries};
use crate::api::line::Line;

/// Gives what a server of this line shows for a search body written to it, or how it refuses it.
pub fn rewrite(body: &Value, line: Line) -> Result<Value, Refusal> {
    body::expand(body, At { line, mode: Mode::Strict }).map_err(|fault| fault.refusal(line))
}

/// Gives the same, but never fails: what no table knows is kept as it stands, while all around it is rewritten.
pub fn expand(body: &Value, line: Line) -> Value {
    body::expand(body, At { line, mode: Mode::Lenient }).unwrap_or_else(|_| body.clone())
}

/// Gives the shortest honest spelling of an expanded body: it expands to the same on every line.
pub fn shorten(body: &Value) -> Value {
    body::shorten(body)
}

/// Gives the one form in which two bodies that a server takes for the same are `==`.
pub fn canonical(body: &Value, line: Line) -> Value {
    shorten(&expand(body, line))
}

/// The keys that the top of a search body may have, on any line.
pub fn body_keys() -> Vec<&'static str> {
    let fields = body::BODY.fields.iter().copied().flatten();
    fields.flat_map(|field| std::iter::once(field.name).chain(field.aliases.iter().copied())).collect()
}

/// Whether a word names a query, on any line.
pub fn is_query(word: &str) -> bool {
    queries::is_known(word)
}
