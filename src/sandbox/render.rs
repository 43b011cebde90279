//! Answers as bytes: indented, filtered, or in YAML, as the request asks.

use serde_json::{Map, Value};

use super::exchange::{Body, Rendered, Request, Response};
use super::yaml;

const JSON: &str = "application/json; charset=UTF-8";

/// Renders an answer for the request that it answers.
pub fn render(request: &Request, response: Response) -> Rendered {
    let Response { status, location, body } = response;
    let (content_type, body) = match body {
        Body::Empty => (String::new(), Vec::new()),
        Body::Text(text) => ("text/plain; charset=UTF-8".to_owned(), text.into_bytes()),
        Body::Json(value) => {
            let value = match request.param("filter_path") {
                Some(paths) if status < 400 => filtered(&value, paths),
                _ => value,
            };
            if yaml::wanted(request) {
                ("application/yaml".to_owned(), yaml::write(&value).into_bytes())
            } else {
                (JSON.to_owned(), json(request, &value))
            }
        }
    };
    let body = if request.method == "HEAD" { Vec::new() } else { body };
    Rendered { status, location, content_type, body }
}

fn json(request: &Request, value: &Value) -> Vec<u8> {
    let pretty = request.param("pretty").is_some_and(|pretty| pretty != "false");
    if !pretty {
        return value.to_string().into_bytes();
    }
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Keeps what one of the paths leads to; a path that begins with `-` takes away.
fn filtered(value: &Value, paths: &str) -> Value {
    let paths: Vec<&str> = paths.split(',').map(str::trim).filter(|path| !path.is_empty()).collect();
    let split = |path: &str| path.split('.').map(str::to_owned).collect::<Vec<_>>();
    let kept: Vec<Vec<String>> =
        paths.iter().filter(|path| !path.starts_with('-')).map(|path| split(path)).collect();
    let gone: Vec<Vec<String>> = paths.iter().filter_map(|path| path.strip_prefix('-')).map(split).collect();
    let value = if kept.is_empty() { Some(value.clone()) } else { keep(value, &kept) };
    let value = value.unwrap_or_else(|| Value::Object(Map::new()));
    if gone.is_empty() { value } else { drop_paths(&value, &gone) }
}

fn keep(value: &Value, paths: &[Vec<String>]) -> Option<Value> {
    match value {
        _ if paths.iter().any(Vec::is_empty) => Some(value.clone()),
        Value::Object(entries) => {
            let kept: Map<String, Value> = entries
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), keep(value, &below(key, paths))?)))
                .collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(items) => {
            let kept: Vec<Value> = items.iter().filter_map(|item| keep(item, paths)).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        _ => None,
    }
}

fn drop_paths(value: &Value, paths: &[Vec<String>]) -> Value {
    match value {
        Value::Object(entries) => {
            let rest = entries.iter().filter_map(|(key, value)| {
                let paths = below(key, paths);
                let gone = paths.iter().any(Vec::is_empty);
                (!gone).then(|| (key.clone(), drop_paths(value, &paths)))
            });
            Value::Object(rest.collect())
        }
        Value::Array(items) => items.iter().map(|item| drop_paths(item, paths)).collect(),
        other => other.clone(),
    }
}

/// What is left of the paths that lead through a key.
fn below(key: &str, paths: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut rest = Vec::new();
    for path in paths {
        match path.split_first() {
            Some((first, below)) if first == "**" => {
                rest.push(path.clone());
                if below.first().is_some_and(|next| super::words::wildcard(next, key)) {
                    rest.push(below[1..].to_vec());
                }
            }
            Some((first, below)) if super::words::wildcard(first, key) => rest.push(below.to_vec()),
            _ => {}
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_keep_and_take_away() {
        let value = json!({"_id": "x", "monitor": {"name": "n", "triggers": [{"id": 1, "name": "t"}]}});
        assert_eq!(filtered(&value, "_id,monitor.name"), json!({"_id": "x", "monitor": {"name": "n"}}));
        assert_eq!(filtered(&value, "monitor.*.id"), json!({"monitor": {"triggers": [{"id": 1}]}}));
        assert_eq!(
            filtered(&value, "**.name"),
            json!({"monitor": {"name": "n", "triggers": [{"name": "t"}]}})
        );
        assert_eq!(filtered(&value, "-monitor"), json!({"_id": "x"}));
        assert_eq!(filtered(&value, "nothing"), json!({}));
    }
}
