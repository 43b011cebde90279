//! Free-form JSON inside a resource, kept as text: ten thousand search bodies fit in a few megabytes.

use serde_json::{Map, Value};

/// A JSON value as compact text with sorted keys, so that equal values are equal texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Json(Box<str>);

impl Json {
    /// Keeps `value`, its keys sorted at every level.
    pub fn of(value: &Value) -> Self {
        Self(sorted(value).to_string().into_boxed_str())
    }

    /// The value again, keys in sorted order.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or(Value::Null)
    }

    /// The compact text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            Value::Object(
                keys.into_iter().map(|key| (key.clone(), sorted(&fields[key]))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_keys_does_not_matter() {
        let a: Value = serde_json::from_str(r#"{"b":[{"y":1,"x":2}],"a":null}"#).unwrap();
        let b: Value = serde_json::from_str(r#"{"a":null,"b":[{"x":2,"y":1}]}"#).unwrap();
        assert_eq!(Json::of(&a), Json::of(&b));
        assert_eq!(Json::of(&a).value(), a);
    }

    #[test]
    fn integers_beyond_64_bits_survive() {
        let text = r#"{"n":123456789012345678901234567890}"#;
        assert_eq!(Json::of(&serde_json::from_str(text).unwrap()).as_str(), text);
    }
}
