//! Reads the tables backwards: the shortest spelling that the server expands to the same.
//!
//! Whatever does not look like something that [`super::forward`] makes is left as it stands.

use serde_json::Value;

use super::number;
use super::queries;
use super::schema::{Field, Kind, Object, Rest, Short, Spec};

/// Gives the shortest spelling of an expanded value of this kind.
pub fn shorten(kind: &Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Float, Value::Number(number)) => {
            number::short_float(number.as_str()).unwrap_or_else(|| value.clone())
        }
        (Kind::Double, Value::Number(number)) => {
            number::short_double(number.as_str()).unwrap_or_else(|| value.clone())
        }
        (Kind::Upper(words), Value::String(word)) if words.contains(&word.as_str()) => {
            Value::String(word.to_ascii_lowercase())
        }
        (Kind::OrNone(kind), _) => shorten(kind, value),
        (Kind::List(item), Value::Array(items)) => items.iter().map(|value| shorten(item, value)).collect(),
        (Kind::Clauses, Value::Array(items)) => items.iter().map(queries::shorten).collect(),
        (Kind::Many(item), Value::Array(items)) => match items.as_slice() {
            [one] if stands_alone(item, one) => shorten(item, one),
            items => items.iter().map(|value| shorten(item, value)).collect(),
        },
        (Kind::Names(item), Value::Object(map)) => {
            map.iter().map(|(key, value)| (key.clone(), shorten(item, value))).collect()
        }
        (Kind::Object(spec), Value::Object(map)) => Value::Object(object(spec, map)),
        (Kind::Query, _) => queries::shorten(value),
        (Kind::Own(own), _) => (own.shorten)(value),
        _ => value.clone(),
    }
}

/// Gives the shortest spelling of an expanded object with a table.
pub fn object(spec: &Spec, given: &Object) -> Object {
    let mut out = Object::with_capacity(given.len());
    for (key, value) in given {
        match spec.each().find(|field| is_called(field, key)) {
            Some(field) if is_default(field, value) => {}
            Some(field) => {
                let value = shorten(&field.kind, value);
                let key = match field.short {
                    Short::Same => field.name,
                    Short::Name(name) => name,
                    Short::By(name) => name(&value),
                };
                out.insert(key.to_owned(), value);
            }
            None => {
                let value = match &spec.rest {
                    Rest::Refused => value.clone(),
                    Rest::Field(kind) | Rest::Names(kind) => shorten(kind, value),
                };
                out.insert(key.clone(), value);
            }
        }
    }
    if let Some(after) = spec.after {
        after(&mut out);
    }
    out
}

fn is_called(field: &Field, key: &str) -> bool {
    field.name == key || field.older.is_some_and(|older| older.name == key)
}

fn is_default(field: &Field, value: &Value) -> bool {
    field.default.lit().is_some_and(|lit| lit.is(value))
        || field.older.is_some_and(|older| older.default.is(value))
}

/// Whether the only item of a list may stand without it.
fn stands_alone(item: &Kind, value: &Value) -> bool {
    match item {
        Kind::Text => value.is_string(),
        Kind::Object(_) => value.is_object(),
        _ => false,
    }
}
