//! Time zones as Java spells them: `+1` is `+01:00`, and an offset of nothing is `Z`.

use serde_json::Value;

use super::forward;
use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Kind, Outcome, Own};
use crate::source::timezone;

/// A time zone.
pub const ZONE: Kind = Kind::Own(&Own { expand, shorten: Value::clone });

/// A time zone, or a number of hours, as aggregations take it.
pub const ZONE_OR_HOURS: Kind = Kind::Own(&Own { expand: expand_hours, shorten: Value::clone });

fn expand_hours(value: &Value, at: At) -> Outcome {
    match value {
        Value::Number(_) => expand(&Value::String(format!("{:+}", number::read_long(value)?)), at),
        other => expand(other, at),
    }
}

fn expand(value: &Value, _: At) -> Outcome {
    let text = forward::text(value)?;
    let unknown = || Fault::new(Class::Argument, format!("Unknown time-zone ID: {text}"));
    timezone::canonical(&text).map(Value::String).ok_or_else(unknown)
}
