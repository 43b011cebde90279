//! What a document of a server newer than us has beyond our model: found by writing again what was read of it.

use serde_json::Value;

use super::fields::escaped;

/// Pointers to what `document` has and `written` has not; a `null` says nothing.
pub fn unknown(document: &Value, written: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(document, written, "", &mut found);
    found
}

fn collect(document: &Value, written: &Value, pointer: &str, found: &mut Vec<String>) {
    match (document, written) {
        (Value::Object(fields), Value::Object(written)) => {
            for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                let pointer = format!("{pointer}/{}", escaped(key));
                match written.get(key) {
                    Some(written) => collect(value, written, &pointer, found),
                    None => found.push(pointer),
                }
            }
        }
        (Value::Array(items), Value::Array(written)) => {
            for (index, item) in items.iter().enumerate() {
                let pointer = format!("{pointer}/{index}");
                match written.get(index) {
                    Some(written) => collect(item, written, &pointer, found),
                    None => found.push(pointer),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_at_any_depth_are_found() {
        let document = json!({"a": 1, "b": {"c": null, "d/e": 2}, "list": [{"x": 1, "y": 2}, {"x": 3}, 4]});
        let written = json!({"a": "1", "b": {}, "list": [{"x": 1}, {"x": 3}]});
        assert_eq!(unknown(&document, &written), ["/b/d~1e", "/list/0/y", "/list/2"]);
        assert_eq!(unknown(&document, &document), [""; 0]);
    }
}
