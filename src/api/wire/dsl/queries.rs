//! Queries: one object, one key, which names the type; the types stand in one table a family.

use serde_json::Value;

use super::refusal::{Class, Fault, did_you_mean};
use super::schema::{At, Form, Mode, Object, Outcome, Spec, Type};
use super::{backward, compound, forward, full_text, geo, joining, span, special, term};

/// The families of queries.
const FAMILIES: &[&[Type]] = &[
    term::TYPES,
    full_text::TYPES,
    compound::TYPES,
    joining::TYPES,
    span::TYPES,
    geo::TYPES,
    special::TYPES,
];

/// Gives what the server makes of a query.
pub fn expand(value: &Value, at: At) -> Outcome {
    let Value::Object(query) = value else {
        return Err(Fault::shape(value));
    };
    let mut entries = query.iter();
    let Some((name, inner)) = entries.next() else {
        return Err(Fault::new(Class::Argument, "query malformed, empty clause found"));
    };
    let Some(found) = find(name, at) else {
        return Err(unknown(name, at));
    };
    if entries.next().is_some() {
        let reason = format!("[{name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]");
        return Err(Fault::new(Class::Parsing, reason));
    }
    let inner = expand_form(found, inner, at)?;
    let name = match found.older {
        Some((until, older)) if at.line <= until => older,
        _ => found.name,
    };
    Ok(one(name, inner))
}

/// Gives the shortest spelling of an expanded query.
pub fn shorten(value: &Value) -> Value {
    let Value::Object(query) = value else {
        return value.clone();
    };
    let mut entries = query.iter();
    let (Some((name, inner)), None) = (entries.next(), entries.next()) else {
        return value.clone();
    };
    match each().find(|found| is_called(found, name)) {
        Some(found) => {
            let name = found.older.map_or(found.name, |(_, older)| older);
            one(name, shorten_form(&found.form, inner))
        }
        None => value.clone(),
    }
}

/// Gives what the server makes of what stands under the name of a type.
fn expand_form(found: &Type, inner: &Value, at: At) -> Outcome {
    let name = found.name;
    if let Form::Kind(kind) = &found.form {
        return forward::expand(kind, inner, at);
    }
    let Value::Object(given) = inner else {
        let reason = format!("[{name}] query malformed, no start_object after query name");
        return Err(Fault::new(Class::Parsing, reason));
    };
    match &found.form {
        Form::Plain(spec) => forward::object(spec, given, at).map(Value::Object),
        Form::UnderField(spec) => under_field(spec, given, None, at),
        Form::ValueUnderField(spec, short) => under_field(spec, given, Some(short), at),
        Form::Kind(kind) => forward::expand(kind, inner, at),
    }
}

fn under_field(spec: &Spec, given: &Object, short: Option<&str>, at: At) -> Outcome {
    let mut entries = given.iter().filter(|(_, value)| !value.is_null());
    let Some((field, inner)) = entries.next() else {
        return Err(nameless());
    };
    if let Some((second, _)) = entries.next() {
        return Err(forward::several_fields(spec, field, second));
    }
    if given.len() > 1 {
        return Err(Fault::shape(&Value::Null));
    }
    if at.mode == Mode::Strict && field.is_empty() && !takes_any_name(spec) {
        return Err(nameless());
    }
    let options = match (inner, short) {
        (Value::Object(options), _) => forward::object(spec, options, at)?,
        (Value::String(_) | Value::Number(_) | Value::Bool(_), Some(short)) => {
            let mut options = Object::new();
            options.insert(short.to_owned(), inner.clone());
            forward::object(spec, &options, at)?
        }
        (Value::Array(_), _) => {
            let name = spec.name;
            let reason = format!("[{name}] query does not support array of values");
            return Err(Fault::new(Class::Parsing, reason));
        }
        _ => {
            let name = spec.name;
            return Err(Fault::new(Class::Parsing, format!("[{name}] query does not support [{field}]")));
        }
    };
    Ok(one(field, Value::Object(options)))
}

/// Match queries look at their field's name only to see that there is one.
fn takes_any_name(spec: &Spec) -> bool {
    spec.name.starts_with("match")
}

fn shorten_form(form: &Form, inner: &Value) -> Value {
    let (spec, short) = match (form, inner) {
        (Form::Kind(kind), _) => return backward::shorten(kind, inner),
        (Form::Plain(spec), Value::Object(given)) => return Value::Object(backward::object(spec, given)),
        (Form::UnderField(spec), _) => (spec, None),
        (Form::ValueUnderField(spec, short), _) => (spec, Some(*short)),
        _ => return inner.clone(),
    };
    let Value::Object(given) = inner else {
        return inner.clone();
    };
    let mut entries = given.iter();
    let (Some((field, Value::Object(options))), None) = (entries.next(), entries.next()) else {
        return inner.clone();
    };
    let options = backward::object(spec, options);
    let value = short.filter(|_| options.len() == 1).and_then(|short| options.get(short));
    match value {
        Some(value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) => one(field, value.clone()),
        _ => one(field, Value::Object(options)),
    }
}

/// Whether a type of queries has this name on any line.
pub fn is_known(name: &str) -> bool {
    each().any(|found| is_called(found, name))
}

fn one(name: &str, inner: Value) -> Value {
    let mut query = Object::with_capacity(1);
    query.insert(name.to_owned(), inner);
    Value::Object(query)
}

fn each() -> impl Iterator<Item = &'static Type> {
    FAMILIES.iter().copied().flatten()
}

fn find(name: &str, at: At) -> Option<&'static Type> {
    each().find(|found| match (at.mode, found.older) {
        (Mode::Lenient, _) => is_called(found, name),
        (Mode::Strict, Some((until, older))) if at.line <= until => older == name,
        (Mode::Strict, _) => found.lines.contain(at.line) && is_called(found, name),
    })
}

fn is_called(found: &Type, name: &str) -> bool {
    found.name == name || found.aliases.contains(&name)
}

fn unknown(name: &str, at: At) -> Fault {
    let known = each().filter(|found| found.lines.contain(at.line)).map(|found| found.name);
    Fault::new(Class::Parsing, format!("unknown query [{name}]{}", did_you_mean(name, known)))
}

fn nameless() -> Fault {
    Fault::new(Class::Argument, "field name is null or empty")
}
