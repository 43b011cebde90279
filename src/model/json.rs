//! Free-form JSON inside a resource, kept as text: ten thousand search bodies fit in a few megabytes.

use serde_json::Value;

/// A JSON value as compact text, its keys in the order in which they were written: in a search body that can mean
/// something, as in `sort`. Two are equal whatever the order; what it means, the canonical form says in lists.
#[derive(Clone, Debug)]
pub struct Json(Box<str>);

impl Json {
    /// Keeps `value` as it was written.
    pub fn of(value: &Value) -> Self {
        Self(value.to_string().into_boxed_str())
    }

    /// Keeps `value` with its keys sorted at every level, so that equal values are equal texts.
    pub fn sorted(mut value: Value) -> Self {
        value.sort_all_objects();
        Self::of(&value)
    }

    /// The value again.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or(Value::Null)
    }

    /// The compact text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.value() == other.value()
    }
}

impl Eq for Json {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_keys_is_kept_and_makes_no_difference() {
        let text = r#"{"b":[{"y":1,"x":2}],"a":null}"#;
        let a: Value = serde_json::from_str(text).unwrap();
        let b: Value = serde_json::from_str(r#"{"a":null,"b":[{"x":2,"y":1}]}"#).unwrap();
        assert_eq!(Json::of(&a).as_str(), text);
        assert_eq!(Json::of(&a), Json::of(&b));
        assert_eq!(Json::sorted(a.clone()).as_str(), Json::sorted(b.clone()).as_str());
        assert_ne!(Json::of(&a), Json::of(&Value::Null));
    }

    #[test]
    fn integers_beyond_64_bits_survive() {
        let text = r#"{"n":123456789012345678901234567890}"#;
        assert_eq!(Json::of(&serde_json::from_str(text).unwrap()).as_str(), text);
    }
}
