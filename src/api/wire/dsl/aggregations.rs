//! Aggregations by name: each has one type, further aggregations in it, and data of the user's own.

use serde_json::Value;

use super::refusal::{Class, Fault, did_you_mean};
use super::schema::{At, Form, Mode, Object, Outcome, Type};
use super::{backward, bucket, forward, metric, pipeline};

/// The families of aggregations that look at documents; those that look at other aggregations stand apart.
const FAMILIES: &[&[Type]] = &[bucket::TYPES, metric::TYPES];

/// Gives what the server makes of aggregations; it names those that look at others last.
pub fn expand(value: &Value, at: At) -> Outcome {
    let Value::Object(given) = value else {
        return Err(Fault::shape(value));
    };
    let mut out = Object::with_capacity(given.len());
    let mut last = Vec::new();
    for (name, value) in given {
        let expanded = match aggregation(name, value, at) {
            Err(_) if at.mode == Mode::Lenient => value.clone(),
            outcome => outcome?,
        };
        if is_pipeline(value) {
            last.push((name.clone(), expanded));
        } else {
            out.insert(name.clone(), expanded);
        }
    }
    out.extend(last);
    Ok(Value::Object(out))
}

/// Gives the shortest spelling of expanded aggregations.
pub fn shorten(value: &Value) -> Value {
    match value {
        Value::Object(given) => {
            given.iter().map(|(name, value)| (name.clone(), shorten_one(value))).collect()
        }
        other => other.clone(),
    }
}

/// Gives what the server makes of one aggregation.
fn aggregation(name: &str, value: &Value, at: At) -> Outcome {
    let Value::Object(given) = value else {
        return Err(Fault::shape(value));
    };
    if at.mode == Mode::Strict {
        check(name, given, at)?;
    } else if has_both_spellings(given) {
        return Ok(value.clone());
    }
    let mut out = Object::with_capacity(given.len());
    let mut inside = None;
    for (key, value) in given {
        match (key.as_str(), value) {
            ("aggs" | "aggregations", Value::Object(_)) => inside = Some(expand(value, at)?),
            ("meta", _) => drop(out.insert(key.clone(), forward::any(value))),
            _ => drop(out.insert(key.clone(), typed(name, key, value, at)?)),
        }
    }
    if let Some(inside) = inside.filter(|inside| inside.as_object().is_none_or(|map| !map.is_empty())) {
        out.insert("aggregations".to_owned(), inside);
    }
    Ok(Value::Object(out))
}

fn typed(name: &str, key: &str, value: &Value, at: At) -> Outcome {
    let Some(found) = each().find(|found| found.name == key || found.aliases.contains(&key)) else {
        return Ok(value.clone());
    };
    let outcome = match (&found.form, value) {
        (Form::Kind(kind), _) => forward::kept(kind, value, at),
        (
            Form::Plain(spec) | Form::UnderField(spec) | Form::ValueUnderField(spec, _),
            Value::Object(given),
        ) => forward::object(spec, given, at).map(Value::Object),
        (_, other) if at.mode == Mode::Lenient => Ok(other.clone()),
        (_, other) => Err(Fault::shape(other)),
    };
    outcome.map_err(|fault| Fault { reason: fault.reason.replace("{name}", name), ..fault })
}

fn shorten_one(value: &Value) -> Value {
    let Value::Object(given) = value else {
        return value.clone();
    };
    if has_both_spellings(given) {
        return value.clone();
    }
    let mut out = Object::with_capacity(given.len());
    for (key, value) in given {
        let short = match key.as_str() {
            "meta" => value.clone(),
            "aggregations" if value.is_object() => {
                out.insert("aggs".to_owned(), shorten(value));
                continue;
            }
            name => match each().find(|found| found.name == name) {
                Some(found) => shorten_form(&found.form, value),
                None => value.clone(),
            },
        };
        out.insert(key.clone(), short);
    }
    Value::Object(out)
}

fn shorten_form(form: &Form, value: &Value) -> Value {
    match (form, value) {
        (Form::Kind(kind), _) => backward::shorten(kind, value),
        (
            Form::Plain(spec) | Form::UnderField(spec) | Form::ValueUnderField(spec, _),
            Value::Object(given),
        ) => Value::Object(backward::object(spec, given)),
        (_, other) => other.clone(),
    }
}

/// Refuses what a server refuses about an aggregation as such.
fn check(name: &str, given: &Object, at: At) -> Result<(), Fault> {
    if name.is_empty() || name.contains(['[', ']', '>']) {
        return Err(Fault::new(
            Class::Parsing,
            format!(
                "Invalid aggregation name [{name}]. Aggregation names can contain any character except '[', ']', and '>'"
            ),
        ));
    }
    let mut types = given.iter().filter(|(key, _)| !matches!(key.as_str(), "aggs" | "aggregations" | "meta"));
    let Some((first, value)) = types.next() else {
        return Err(Fault::new(Class::Parsing, format!("Missing definition for aggregation [{name}]")));
    };
    if let Some((second, _)) = types.next() {
        let reason = format!("Found two aggregation type definitions in [{name}]: [{first}] and [{second}]");
        return Err(Fault::new(Class::Parsing, reason));
    }
    let known = |found: &&Type| found.lines.contain(at.line);
    if !each().filter(known).any(|found| found.name == first || found.aliases.contains(&first.as_str())) {
        let meant = did_you_mean(first, each().filter(known).map(|found| found.name));
        return Err(Fault::new(Class::Parsing, format!("Unknown aggregation type [{first}]{meant}")));
    }
    if !value.is_object() {
        let reason = format!(
            "Expected [START_OBJECT] under [{first}], but got a [{}] in [{name}]",
            super::refusal::token(value)
        );
        return Err(Fault::new(Class::Parsing, reason));
    }
    if has_both_spellings(given) {
        return Err(Fault::new(
            Class::Parsing,
            format!("Found two sub aggregation definitions under [{name}]"),
        ));
    }
    let inside = given.get("aggs").or_else(|| given.get("aggregations")).and_then(Value::as_object);
    if is_pipeline_type(first) && inside.is_some_and(|inside| !inside.is_empty()) {
        return Err(Fault::new(
            Class::Argument,
            format!("Aggregation [{name}] cannot define sub-aggregations"),
        ));
    }
    Ok(())
}

/// Whether further aggregations are given twice, which no server takes.
fn has_both_spellings(given: &Object) -> bool {
    given.contains_key("aggs") && given.contains_key("aggregations")
}

fn is_pipeline(value: &Value) -> bool {
    value.as_object().is_some_and(|given| given.keys().any(|key| is_pipeline_type(key)))
}

fn is_pipeline_type(name: &str) -> bool {
    pipeline::TYPES.iter().any(|found| found.name == name)
}

fn each() -> impl Iterator<Item = &'static Type> {
    FAMILIES.iter().copied().flatten().chain(pipeline::TYPES)
}
