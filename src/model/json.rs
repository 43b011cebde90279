//! Free-form JSON inside a resource, kept as text: ten thousand search bodies fit in a few megabytes.

use serde::Deserialize;
use serde_json::Value;

/// How deep values may stand in one another in what a person writes. Servers wrap it in a monitor and more, and what
/// they answer is read up to 128.
pub const MOST_LEVELS: usize = 100;

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

    /// The value again, however deep: a canonical form may be deeper than what it was made of.
    ///
    /// # Panics
    /// Never: the text was written of a value.
    #[expect(
        clippy::expect_used,
        reason = "the text was written of a value, and nothing shall be sent in its place"
    )]
    pub fn value(&self) -> Value {
        let mut reader = serde_json::Deserializer::from_str(&self.0);
        reader.disable_recursion_limit();
        Value::deserialize(&mut reader).expect("JSON that was written of a value")
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
    fn a_deep_value_is_no_null() {
        let deep = (0..3 * MOST_LEVELS).fold(Value::from(1), |value, _| Value::from(vec![value]));
        assert_eq!(Json::of(&deep).value(), deep);
        assert_ne!(Json::of(&deep), Json::of(&Value::Null));
    }

    #[test]
    fn integers_beyond_64_bits_survive() {
        let text = r#"{"n":123456789012345678901234567890}"#;
        assert_eq!(Json::of(&serde_json::from_str(text).unwrap()).as_str(), text);
    }
}
