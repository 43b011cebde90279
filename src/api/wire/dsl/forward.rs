//! Reads the tables forwards: what a server makes of what was sent. Strict it refuses what a server refuses;
//! lenient it never fails beyond the key, the item or the clause that it cannot read.

use serde_json::Value;

use super::number;
use super::queries;
use super::refusal::{Class, Fault, token};
use super::schema::{At, Default, Field, Kind, Mode, Object, Outcome, Parser, Rest, Spec};

/// Gives what the server makes of a value of this kind.
pub fn expand(kind: &Kind, value: &Value, at: At) -> Outcome {
    match kind {
        Kind::Any => Ok(any(value)),
        Kind::Scalar => scalar(value),
        Kind::TermOrNull if value.is_null() => Ok(Value::Null),
        Kind::Term | Kind::TermOrNull => term(value),
        Kind::Text => text(value).map(Value::String),
        Kind::Bool => boolean(value).map(Value::Bool),
        Kind::Int => number::read_int(value).map(Value::from),
        Kind::Long => number::read_long(value).map(Value::from),
        Kind::Float => number::float_or_infinity(value, at.line),
        Kind::Double => number::read_double(value).map(number::double),
        Kind::Upper(words) | Kind::Lower(words) => word(value, words, str::eq_ignore_ascii_case),
        Kind::Exact(words) => word(value, words, |mine, given| mine == given),
        Kind::OrNone(_) if value.is_null() => Err(Fault::nothing()),
        Kind::OrNone(kind) => expand(kind, value, at),
        Kind::List(item) => list(item, value, at),
        Kind::Many(item) => many(item, value, at),
        Kind::Clauses => many(&Kind::Query, value, at),
        Kind::Names(item) => match value {
            Value::Object(given) => names(item, given, at),
            other => Err(Fault::shape(other)),
        },
        Kind::Object(spec) => match value {
            Value::Object(given) => object(spec, given, at).map(Value::Object),
            other => Err(Fault::shape(other)),
        },
        Kind::Query => queries::expand(value, at),
        Kind::Own(own) => (own.expand)(value, at),
    }
}

/// The same, but where reading is lenient a value that cannot be read stays as it stands.
pub fn kept(kind: &Kind, value: &Value, at: At) -> Outcome {
    match expand(kind, value, at) {
        Err(fault) if at.mode == Mode::Lenient && fault.class != Class::Nothing => Ok(value.clone()),
        outcome => outcome,
    }
}

/// Gives what the server makes of an object with a table.
pub fn object(spec: &Spec, given: &Object, at: At) -> Result<Object, Fault> {
    match spec.before {
        Some(before) => {
            let mut given = given.clone();
            before(&mut given, at);
            fields(spec, &given, at)
        }
        None => fields(spec, given, at),
    }
}

/// Reads a text; a number or a boolean is one too.
pub fn text(value: &Value) -> Result<String, Fault> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.as_str().to_owned()),
        Value::Bool(flag) => Ok(flag.to_string()),
        other => Err(Fault::shape(other)),
    }
}

/// Reads a boolean, or the text of one.
pub fn boolean(value: &Value) -> Result<bool, Fault> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        Value::String(text) => Err(Fault::new(
            Class::Argument,
            format!("Failed to parse value [{text}] as only [true] or [false] are allowed."),
        )),
        other => Err(Fault::shape(other)),
    }
}

/// Any JSON with its numbers as the server prints them.
pub fn any(value: &Value) -> Value {
    match value {
        Value::Number(number) => number::plain(number),
        Value::Array(items) => items.iter().map(any).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), any(value))).collect(),
        other => other.clone(),
    }
}

fn fields(spec: &Spec, given: &Object, at: At) -> Result<Object, Fault> {
    let mut slots: Vec<Option<(&str, &Value)>> = vec![None; spec.each().count()];
    let mut out = Object::with_capacity(given.len() + 2);
    let mut named: Option<&str> = None;
    let mut merged: Vec<(usize, Vec<&Value>)> = Vec::new();
    for (key, value) in given {
        if let Some((index, field)) = spec.each().enumerate().find(|(_, field)| is_called(field, key, at)) {
            if let (Kind::Clauses, Some((_, earlier))) = (field.kind, slots[index]) {
                merge(&mut merged, index, earlier, value);
            }
            slots[index] = Some((key, value));
            continue;
        }
        match &spec.rest {
            Rest::Refused => match at.mode {
                Mode::Strict => return Err(unknown(spec, key, value, at)),
                Mode::Lenient => drop(out.insert(key.clone(), value.clone())),
            },
            Rest::Names(kind) => drop(out.insert(key.clone(), kept_at(spec, kind, key, value, at)?)),
            Rest::Field(kind) => {
                if let (Mode::Strict, Some(first)) = (at.mode, named.replace(key)) {
                    return Err(Fault::new(
                        Class::Parsing,
                        format!(
                            "[{}] query does not support multiple fields, found [{first}] and [{key}]",
                            spec.name
                        ),
                    ));
                }
                drop(out.insert(key.clone(), kept_at(spec, kind, key, value, at)?));
            }
        }
    }
    for (index, field) in spec.each().enumerate() {
        let clauses = merged.iter().find(|(at, _)| *at == index).map(|(_, clauses)| clauses);
        let value = match (clauses, slots[index]) {
            (Some(clauses), _) => Some(clauses.iter().map(|clause| (*clause).clone()).collect()),
            (None, Some((key, value))) => match kept_at(spec, &field.kind, key, value, at) {
                Err(fault) if fault.class == Class::Nothing => None,
                outcome => Some(outcome?),
            },
            (None, None) => None,
        };
        let value = match (clauses, value) {
            (Some(_), Some(list)) => Some(kept_at(spec, &field.kind, field.name, &list, at)?),
            (_, value) => value,
        };
        if let Some((name, value)) = given_back(field, value, at) {
            out.insert(name.to_owned(), value);
        }
    }
    if at.mode == Mode::Strict {
        if matches!(spec.rest, Rest::Field(_)) && named.is_none() {
            return Err(Fault::new(Class::Parsing, format!("[{}] query requires a field name", spec.name)));
        }
        for need in spec.needs {
            if !need.any.iter().any(|name| out.get(*name).is_some_and(|value| !is_empty(value))) {
                return Err((need.fault)());
            }
        }
    }
    Ok(out)
}

/// Whether there is nothing in a list.
fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// Whether this key means the field, on this line or, if reading is lenient, on any.
fn is_called(field: &Field, key: &str, at: At) -> bool {
    let known = at.mode == Mode::Lenient || field.lines.contain(at.line);
    if !known {
        return false;
    }
    if let Some(older) = &field.older
        && at.mode == Mode::Strict
        && at.line <= older.until
    {
        return key == older.name;
    }
    field.name == key || field.aliases.contains(&key)
}

/// What is given back for a field: nothing, what was sent, or the default, under the name of this line.
fn given_back(field: &Field, value: Option<Value>, at: At) -> Option<(&'static str, Value)> {
    let (name, default) = match &field.older {
        Some(older) if at.line <= older.until => (older.name, Default::Shown(older.default)),
        _ => (field.name, field.default),
    };
    let in_line = field.lines.contain(at.line);
    let value = match (default, value) {
        (Default::Forgotten, _) | (Default::None | Default::Hidden(_), None) => None,
        (Default::None, value) => value,
        (Default::Shown(lit), None) => in_line.then(|| lit.value()),
        (Default::Shown(lit), Some(value)) => (in_line || !lit.is(&value)).then_some(value),
        (Default::Hidden(lit), Some(value)) => (!lit.is(&value)).then_some(value),
    };
    value.map(|value| (name, value))
}

/// Reads the value of a key; what is wrong with it is said in the words of the object that holds the key.
fn kept_at(spec: &Spec, kind: &Kind, key: &str, value: &Value, at: At) -> Outcome {
    kept(kind, value, at).map_err(|fault| {
        let name = spec.name;
        match (spec.parser, fault.class) {
            (_, Class::Nothing | Class::Trap) => fault,
            (Parser::Body, Class::Shape) => unknown(spec, key, value, at),
            (Parser::Declared, Class::Shape) => {
                let found = fault.reason;
                Fault::new(Class::Content, format!("[{name}] {key} doesn't support values of type: {found}"))
            }
            (Parser::Declared, _) => {
                Fault::new(Class::Content, format!("[{name}] failed to parse field [{key}]"))
            }
            (Parser::Hand, Class::Shape) if matches!(spec.rest, Rest::Field(_)) => {
                unknown(spec, key, value, at)
            }
            (Parser::Hand, Class::Shape) => {
                let found = fault.reason;
                Fault::new(Class::Parsing, format!("[{name}] unknown token [{found}] after [{key}]"))
            }
            (Parser::Hand | Parser::Body, _) => fault,
        }
    })
}

fn unknown(spec: &Spec, key: &str, value: &Value, at: At) -> Fault {
    let name = spec.name;
    match spec.parser {
        Parser::Hand => Fault::new(Class::Parsing, format!("[{name}] query does not support [{key}]")),
        Parser::Body => Fault::new(Class::Parsing, format!("Unknown key for a {} in [{key}].", token(value))),
        Parser::Declared => {
            let known = spec.each().filter(|field| field.lines.contain(at.line)).map(|field| field.name);
            let meant = super::refusal::did_you_mean(key, known);
            Fault::new(Class::Content, format!("[{name}] unknown field [{key}]{meant}"))
        }
    }
}

/// What is thrown if an object that asks about one field names two.
pub fn several_fields(spec: &Spec, first: &str, second: &str) -> Fault {
    let name = spec.name;
    let reason = format!("[{name}] query doesn't support multiple fields, found [{first}] and [{second}]");
    Fault::new(Class::Parsing, reason)
}

fn merge<'a>(merged: &mut Vec<(usize, Vec<&'a Value>)>, index: usize, earlier: &'a Value, value: &'a Value) {
    let position = merged.iter().position(|(at, _)| *at == index).unwrap_or_else(|| {
        merged.push((index, clauses(earlier)));
        merged.len() - 1
    });
    merged[position].1.extend(clauses(value));
}

fn clauses(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    }
}

fn names(item: &Kind, given: &Object, at: At) -> Outcome {
    given
        .iter()
        .map(|(key, value)| Ok((key.clone(), kept(item, value, at)?)))
        .collect::<Result<Object, Fault>>()
        .map(Value::Object)
}

fn list(item: &Kind, value: &Value, at: At) -> Outcome {
    match value {
        Value::Array(items) => items.iter().map(|value| kept(item, value, at)).collect(),
        other => Err(Fault::shape(other)),
    }
}

fn many(item: &Kind, value: &Value, at: At) -> Outcome {
    match value {
        Value::Array(_) => list(item, value, at),
        Value::Object(_) => Ok(Value::Array(vec![kept(item, value, at)?])),
        other => Ok(Value::Array(vec![expand(item, other, at)?])),
    }
}

fn scalar(value: &Value) -> Outcome {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => Err(Fault::shape(value)),
        other => Ok(any(other)),
    }
}

fn term(value: &Value) -> Outcome {
    match value {
        Value::Number(number) if number::is_whole(number.as_str()) && number.as_i64().is_none() => {
            Ok(Value::String(number.as_str().to_owned()))
        }
        other => scalar(other),
    }
}

fn word(value: &Value, words: &[&str], same: fn(&str, &str) -> bool) -> Outcome {
    let given = match value {
        Value::String(given) => given,
        other => return Err(Fault::shape(other)),
    };
    match words.iter().find(|word| same(word, given)) {
        Some(word) => Ok(Value::String((*word).to_owned())),
        None => Err(Fault::new(Class::Argument, format!("[{given}] is not one of [{}]", words.join(", ")))),
    }
}
