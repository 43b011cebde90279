//! The order of buckets: by count, by key, by what an aggregation inside says.

use serde_json::Value;

use super::refusal::{Class, Fault};
use super::schema::{At, Kind, Object, Outcome, Own};

/// The order of buckets. A list that does not end in the key gets it appended, so that the order is total.
pub const ORDER: Kind = Kind::Own(&Own { expand, shorten });

fn expand(value: &Value, _: At) -> Outcome {
    let mut criteria = match value {
        Value::Array(items) => items.iter().map(criterion).collect::<Result<Vec<_>, _>>()?,
        other => vec![criterion(other)?],
    };
    if !criteria.last().is_some_and(is_key) {
        criteria.push(one("_key", "asc"));
    }
    Ok(if criteria.len() == 1 { criteria.swap_remove(0) } else { Value::Array(criteria) })
}

/// The key at the end goes again if it is the server that put it there, and a list of one with it.
fn shorten(value: &Value) -> Value {
    let Value::Array(criteria) = value else {
        return value.clone();
    };
    if criteria.iter().any(|known| criterion(known).is_err()) {
        return value.clone();
    }
    match criteria.as_slice() {
        [first, last] if *last == one("_key", "asc") && !is_key(first) => first.clone(),
        [start @ .., last] if *last == one("_key", "asc") && !start.last().is_none_or(is_key) => {
            Value::Array(start.to_vec())
        }
        _ => value.clone(),
    }
}

/// One criterion with its direction; `_term` and `_time` are old names of the key.
fn criterion(value: &Value) -> Outcome {
    let Value::Object(given) = value else {
        return Err(Fault::shape(value));
    };
    let mut entries = given.iter();
    let (Some((name, Value::String(direction))), None) = (entries.next(), entries.next()) else {
        return Err(Fault::new(Class::Parsing, "Must specify at least one field for [order]"));
    };
    let name = if name == "_term" || name == "_time" { "_key" } else { name };
    match direction.to_ascii_lowercase().as_str() {
        lower @ ("asc" | "desc") => Ok(one(name, lower)),
        _ => Err(Fault::new(Class::Parsing, format!("Unknown order direction [{direction}]"))),
    }
}

fn is_key(criterion: &Value) -> bool {
    criterion.as_object().is_some_and(|given| given.contains_key("_key"))
}

fn one(name: &str, direction: &str) -> Value {
    let mut criterion = Object::with_capacity(1);
    criterion.insert(name.to_owned(), Value::from(direction));
    Value::Object(criterion)
}
