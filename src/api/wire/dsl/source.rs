//! Which fields of the documents come along: `_source`, stored fields, fields with a format.

use serde_json::Value;

use super::common::readable;
use super::forward;
use super::refusal::Fault;
use super::schema::Lit;
use super::schema::{At, Kind, Object, Outcome, Own, Parser, Spec, field};
use super::script::SCRIPT;
use crate::api::line::Line;

/// The `_source` of a search.
pub const SOURCE: Kind = Kind::Own(&Own { expand: expand_source, shorten: shorten_source });

/// Stored fields: a text or a list; a list of one comes back as a text.
pub const STORED_FIELDS: Kind = Kind::Own(&Own { expand: expand_stored, shorten: Value::clone });

/// Fields with a format.
pub const FORMATTED_FIELDS: Kind = Kind::List(&FORMATTED);

/// Fields that scripts make.
pub const SCRIPT_FIELDS: Kind = Kind::Names(&Kind::Object(&SCRIPT_FIELD));

const FORMATTED: Kind = Kind::Own(&Own { expand: expand_formatted, shorten: shorten_formatted });

static FORMATTED_SPEC: Spec =
    Spec::declared("fields", &[&[field("field", Kind::Text), field("format", Kind::Text)]]);

static SCRIPT_FIELD: Spec = Spec::hand(
    "script_fields",
    &[&[field("script", SCRIPT), field("ignore_failure", Kind::Bool).or(Lit::False)]],
)
.needs(readable!("script_fields": "script"));

static FILTER: Spec = Spec {
    parser: Parser::Body,
    ..Spec::hand(
        "_source",
        &[&[field("includes", PATTERNS).also(&["include"]), field("excludes", PATTERNS).also(&["exclude"])]],
    )
};

const PATTERNS: Kind = Kind::Many(&Kind::Text);

/// Spells both lists out; from 3.0 on an empty list is left out, and two empty ones are `true`.
fn expand_source(value: &Value, at: At) -> Outcome {
    let mut filter = match value {
        Value::Bool(false) => return Ok(Value::Bool(false)),
        Value::Bool(true) => Object::new(),
        Value::String(_) | Value::Array(_) => {
            let mut filter = Object::new();
            filter.insert("includes".to_owned(), forward::expand(&PATTERNS, value, at)?);
            filter
        }
        Value::Object(given) => forward::object(&FILTER, given, at)?,
        other => return Err(Fault::shape(other)),
    };
    if at.line == Line::V3 {
        filter
            .retain(|key, patterns| !is_list(key) || patterns.as_array().is_none_or(|list| !list.is_empty()));
        return Ok(if filter.is_empty() { Value::Bool(true) } else { Value::Object(filter) });
    }
    for key in ["includes", "excludes"] {
        filter.entry(key).or_insert_with(|| Value::Array(Vec::new()));
    }
    Ok(Value::Object(filter))
}

/// Leaves empty lists out; what is included may stand alone.
fn shorten_source(value: &Value) -> Value {
    let Value::Object(given) = value else {
        return value.clone();
    };
    let mut short = Object::new();
    for (key, patterns) in given {
        match patterns.as_array().filter(|_| is_list(key)).map(Vec::as_slice) {
            Some([]) => {}
            Some([one @ Value::String(_)]) => drop(short.insert(key.clone(), one.clone())),
            _ => drop(short.insert(key.clone(), patterns.clone())),
        }
    }
    match short.get("includes") {
        None if short.is_empty() => Value::Bool(true),
        Some(includes @ (Value::String(_) | Value::Array(_))) if short.len() == 1 => includes.clone(),
        _ => Value::Object(short),
    }
}

fn is_list(key: &str) -> bool {
    key == "includes" || key == "excludes"
}

fn expand_stored(value: &Value, at: At) -> Outcome {
    match value {
        Value::Array(items) => {
            let items: Vec<Value> =
                items.iter().map(|item| forward::expand(&Kind::Text, item, at)).collect::<Result<_, _>>()?;
            Ok(match <[Value; 1]>::try_from(items) {
                Ok([one]) => one,
                Err(items) => Value::Array(items),
            })
        }
        other => forward::expand(&Kind::Text, other, at),
    }
}

fn expand_formatted(value: &Value, at: At) -> Outcome {
    match value {
        Value::Object(given) => forward::object(&FORMATTED_SPEC, given, at).map(Value::Object),
        other => {
            let mut formatted = Object::with_capacity(1);
            formatted.insert("field".to_owned(), forward::expand(&Kind::Text, other, at)?);
            Ok(Value::Object(formatted))
        }
    }
}

fn shorten_formatted(value: &Value) -> Value {
    match value.as_object() {
        Some(formatted) if formatted.len() == 1 => match formatted.get("field") {
            Some(name @ Value::String(_)) => name.clone(),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}
