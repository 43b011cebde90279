//! Reads single fields out of a JSON object, with a pointer to whatever is not as expected.

use serde_json::{Map, Value};

use super::flaw::Flaw;

/// An object of the document, and where in the document it stands.
#[derive(Clone)]
pub struct Fields<'a> {
    /// The object's own fields.
    pub map: &'a Map<String, Value>,
    /// A JSON pointer to the object.
    pub pointer: String,
}

impl<'a> Fields<'a> {
    /// Takes `value` for an object.
    pub fn of(value: &'a Value, pointer: &str) -> Result<Self, Flaw> {
        match value {
            Value::Object(map) => Ok(Self { map, pointer: pointer.to_owned() }),
            other => Err(mismatch(pointer, "a mapping", other)),
        }
    }

    /// The pointer to the field `key`.
    pub fn at(&self, key: &str) -> String {
        format!("{}/{}", self.pointer, escaped(key))
    }

    /// The field `key`; a `null` counts as absent.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// The field `key`, which must be there.
    pub fn need(&self, key: &str) -> Result<&'a Value, Flaw> {
        self.get(key).ok_or_else(|| flaw(&self.pointer, format!("`{key}` is missing")))
    }

    /// The object in `key`, which must be there.
    pub fn inner(&self, key: &str) -> Result<Fields<'a>, Flaw> {
        Fields::of(self.need(key)?, &self.at(key))
    }

    /// The text in `key`; a number or a truth value counts as its spelling, as the server takes it.
    pub fn text(&self, key: &str) -> Result<Option<String>, Flaw> {
        self.get(key).map(|value| text(value, || self.at(key))).transpose()
    }

    /// The text in `key`, which must be there.
    pub fn need_text(&self, key: &str) -> Result<String, Flaw> {
        text(self.need(key)?, || self.at(key))
    }

    /// The truth value in `key`.
    pub fn truth(&self, key: &str) -> Result<Option<bool>, Flaw> {
        self.get(key)
            .map(|value| match value {
                Value::Bool(truth) => Ok(*truth),
                Value::String(text) if text == "true" => Ok(true),
                Value::String(text) if text == "false" => Ok(false),
                other => Err(mismatch(&self.at(key), "`true` or `false`", other)),
            })
            .transpose()
    }

    /// The positive whole number in `key`; like the server it takes one written as text.
    pub fn positive(&self, key: &str) -> Result<Option<u32>, Flaw> {
        self.whole(key, 1)
    }

    /// The whole number from `least` in `key`; servers cut fractions off, which no one can mean.
    pub fn whole(&self, key: &str, least: u32) -> Result<Option<u32>, Flaw> {
        self.get(key)
            .map(|value| {
                let number = match value {
                    Value::Number(number) => number.as_f64(),
                    Value::String(text) => text.trim().parse().ok(),
                    _ => None,
                };
                let number = number.and_then(whole).filter(|number| *number >= least);
                let wanted = || format!("a whole number from {least}");
                number.ok_or_else(|| mismatch(&self.at(key), &wanted(), value))
            })
            .transpose()
    }

    /// The texts in the list `key`, each a scalar; none when it is absent.
    pub fn texts(&self, key: &str) -> Result<Vec<String>, Flaw> {
        let items = self.items(key)?.into_iter();
        items.map(|(pointer, item)| text(item, || pointer)).collect()
    }

    /// The items of the list in `key`, each with its pointer; none when it is absent.
    pub fn items(&self, key: &str) -> Result<Vec<(String, &'a Value)>, Flaw> {
        let pointer = self.at(key);
        match self.get(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items
                .iter()
                .enumerate()
                .map(|(index, item)| (format!("{pointer}/{index}"), item))
                .collect()),
            Some(other) => Err(mismatch(&pointer, "a list", other)),
        }
    }

    /// The pointers of all fields that are not among `known`.
    pub fn beside<'k>(&'k self, known: &'k [&str]) -> impl Iterator<Item = (&'a String, &'a Value)> + 'k {
        self.map.iter().filter(|(key, _)| !known.contains(&key.as_str()))
    }
}

/// An object with one field.
pub fn object(key: &str, value: impl Into<Value>) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), value.into())]))
}

/// A key as it stands in a JSON pointer.
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Says that the value at `pointer` is not as expected.
pub fn flaw(pointer: &str, message: impl Into<String>) -> Flaw {
    Flaw { pointer: pointer.to_owned(), message: message.into(), expected: None, known: &[] }
}

/// Says that something else was expected at `pointer`; what is there is only named by its type, since it may be a
/// secret.
pub fn mismatch(pointer: &str, wanted: &str, found: &Value) -> Flaw {
    let expected = format!("expected {wanted}");
    let message = format!("{expected}, found {}", type_of(found));
    Flaw { pointer: pointer.to_owned(), message, expected: Some(expected), known: &[] }
}

/// Whether a value says nothing: no value, or a mapping without entries.
pub fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(Map::is_empty)
}

/// Takes out what has the server's default, or no value.
pub fn drop_default(fields: &mut Map<String, Value>, key: &str, default: &Value) {
    if fields.get(key).is_some_and(|value| value.is_null() || value == default) {
        fields.shift_remove(key);
    }
}

/// Reads a text; a number or a truth value counts as its spelling, as the server takes it.
///
/// Only an error needs the pointer: it takes longer to make than the text.
pub fn text(value: &Value, pointer: impl FnOnce() -> String) -> Result<String, Flaw> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        other => Err(mismatch(&pointer(), "a text", other)),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// A number that the server holds in 32 bits, if it has no fraction.
fn whole(number: f64) -> Option<u32> {
    let is_whole = number.fract() == 0.0 && (0.0..=f64::from(i32::MAX)).contains(&number);
    if is_whole { format!("{number:.0}").parse().ok() } else { None }
}
