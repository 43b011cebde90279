//! Lists of fields with weights: `["message^2", "error"]`.

use serde_json::Value;

use super::forward;
use super::java;
use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Kind, Mode, Outcome, Own};

/// Fields that come back sorted by name.
pub const SORTED: Kind = Kind::Own(&Own { expand: expand_sorted, shorten });

/// The same, where one field may stand without a list.
pub const SORTED_OR_ONE: Kind = Kind::Own(&Own { expand: expand_sorted_or_one, shorten: shorten_to_one });

/// Fields that come back in the order of a Java hash map, which means nothing and differs between releases of Java.
pub const HASHED: Kind = Kind::Own(&Own { expand: expand_hashed, shorten });

fn expand_sorted(value: &Value, at: At) -> Outcome {
    let mut weights = read(value)?;
    weights.sort_by(|one, other| java::compare(&one.0, &other.0));
    Ok(write(weights, at))
}

fn expand_sorted_or_one(value: &Value, at: At) -> Outcome {
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            expand_sorted(&Value::Array(vec![value.clone()]), at)
        }
        other => expand_sorted(other, at),
    }
}

fn expand_hashed(value: &Value, at: At) -> Outcome {
    if at.mode == Mode::Lenient {
        return expand_sorted(value, at);
    }
    let mut weights = read(value)?;
    java::hash_map(&mut weights);
    java::copied_hash_map(&mut weights, at.line);
    Ok(write(weights, at))
}

fn shorten(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(shorten_weight).collect(),
        other => other.clone(),
    }
}

fn shorten_to_one(value: &Value) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([one @ Value::String(_)]) => shorten_weight(one),
        _ => shorten(value),
    }
}

fn shorten_weight(item: &Value) -> Value {
    let short = item.as_str().and_then(|text| {
        let (name, weight) = text.split_once('^')?;
        let weight = number::short_float(weight)?.to_string();
        Some(Value::String(if weight == "1" { name.to_owned() } else { format!("{name}^{weight}") }))
    });
    short.unwrap_or_else(|| item.clone())
}

/// Reads the fields, each with the last weight that it is given.
fn read(value: &Value) -> Result<Vec<(String, f32)>, Fault> {
    let Value::Array(items) = value else {
        return Err(Fault::shape(value));
    };
    let mut weights: Vec<(String, f32)> = Vec::with_capacity(items.len());
    for item in items {
        let text = forward::text(item)?;
        let (name, weight) = match text.split_once('^') {
            Some((name, weight)) => (name.to_owned(), number::read_float(&Value::from(weight))?),
            None => (text, 1.0),
        };
        match weights.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = weight,
            None => weights.push((name, weight)),
        }
    }
    if weights.iter().any(|(name, _)| name.is_empty()) {
        return Err(Fault::new(Class::Argument, "field name is null or empty"));
    }
    Ok(weights)
}

fn write(weights: Vec<(String, f32)>, at: At) -> Value {
    weights.into_iter().map(|(name, weight)| format!("{name}^{}", number::float(weight, at.line))).collect()
}
