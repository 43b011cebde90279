//! Bodies in YAML: the servers take them, and answer in kind.

use std::fmt::Write;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::exchange::Request;
use crate::source::yaml;

/// Whether a body is sent as YAML.
pub fn sent(request: &Request) -> bool {
    request.content_type.as_ref().is_some_and(|kind| names_yaml(kind))
}

/// Whether the answer shall be YAML: by parameter, by `Accept`, or because the question was.
pub fn wanted(request: &Request) -> bool {
    match (request.param("format"), &request.accept) {
        (Some(format), _) => format == "yaml",
        (None, Some(accept)) if names_yaml(accept) => true,
        (None, Some(accept)) if accept.contains("json") => false,
        _ => sent(request),
    }
}

/// Turns a body into JSON.
pub fn to_json(body: &[u8]) -> Option<Vec<u8>> {
    let parsed = yaml::parse(std::str::from_utf8(body).ok()?, &Arc::from("body"));
    match (parsed.documents.as_slice(), parsed.findings.as_slice()) {
        ([document], []) => Some(document.json().to_string().into_bytes()),
        _ => None,
    }
}

/// Writes a value as the servers do: strings always in quotes.
pub fn write(value: &Value) -> String {
    let mut out = "---".to_owned();
    below(value, 0, &mut out);
    if out.starts_with("---\n") { out } else { format!("{out}\n") }
}

/// Writes what stands after a key: a scalar on its line, all else on lines of its own.
fn below(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            out.push('\n');
            write_entries(entries, depth, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            write_items(items, depth.saturating_sub(1), out);
        }
        scalar => {
            out.push(' ');
            out.push_str(&scalar.to_string());
            out.push('\n');
        }
    }
}

fn write_entries(entries: &Map<String, Value>, depth: usize, out: &mut String) {
    for (index, (key, value)) in entries.iter().enumerate() {
        // the first entry of an item stands beside its dash
        if index > 0 || !out.ends_with("- ") {
            indent(depth, out);
        }
        let plain =
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
        if plain {
            out.push_str(key);
        } else {
            // writing to a string cannot fail
            let _ = write!(out, "{}", Value::from(key.as_str()));
        }
        out.push(':');
        below(value, depth + 1, out);
    }
}

fn write_items(items: &[Value], depth: usize, out: &mut String) {
    for item in items {
        indent(depth, out);
        out.push('-');
        match item {
            Value::Object(entries) if !entries.is_empty() => {
                out.push(' ');
                write_entries(entries, depth + 1, out);
            }
            other => below(other, depth + 1, out),
        }
    }
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn names_yaml(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or(kind).trim();
    matches!(kind, "application/yaml" | "application/x-yaml" | "text/yaml")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_the_servers_write_them() {
        let value = json!({"a": "x", "b": {"c": [], "d": ["e", {"f": 1, "g": null}]}, "h i": true});
        let expected = "---\na: \"x\"\nb:\n  c: []\n  d:\n  - \"e\"\n  - f: 1\n    g: null\n\"h i\": true\n";
        assert_eq!(write(&value), expected);
        let read: Value =
            serde_json::from_slice(&to_json(expected.as_bytes()).unwrap_or_default()).unwrap_or_default();
        assert_eq!(read, value);
    }
}
