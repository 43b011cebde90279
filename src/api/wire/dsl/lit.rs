//! The literals of the tables as JSON values.

use serde_json::Value;

use super::number;
use super::schema::Lit;

impl Lit {
    /// Gives the literal as a value.
    pub fn value(self) -> Value {
        match self {
            Lit::Null => Value::Null,
            Lit::False => Value::Bool(false),
            Lit::True => Value::Bool(true),
            Lit::Int(number) => Value::from(number),
            Lit::Num(text) => number::raw(text.to_owned()),
            Lit::Text(text) => Value::String(text.to_owned()),
            Lit::Json(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        }
    }

    /// Whether an expanded value is this literal.
    pub fn is(self, value: &Value) -> bool {
        match (self, value) {
            (Lit::Null, Value::Null) | (Lit::False, Value::Bool(false)) | (Lit::True, Value::Bool(true)) => {
                true
            }
            (Lit::Int(mine), Value::Number(number)) => number.as_i64() == Some(mine),
            (Lit::Num(mine), Value::Number(number)) => number.as_str() == mine,
            (Lit::Text(mine), Value::String(text)) => text == mine,
            (Lit::Json(_), Value::Array(_) | Value::Object(_)) => self.value() == *value,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Lit;

    #[test]
    fn a_literal_is_its_own_value() {
        for lit in [
            Lit::Null,
            Lit::False,
            Lit::True,
            Lit::Int(-3),
            Lit::Num("1.0"),
            Lit::Num("3.4028235e+38"),
            Lit::Text("or"),
            Lit::Json(r#"[{"_key":"asc"}]"#),
        ] {
            assert!(lit.is(&lit.value()), "{lit:?}");
        }
        assert!(!Lit::Num("1.0").is(&json!(1)));
    }
}
