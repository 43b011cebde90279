//! Conditions of bucket-level triggers: what is taken from each bucket, and the script that judges it.

use serde_json::{Map, Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use super::{bucket_filter, fields, script};
use crate::api::line::Line;

/// Reads the condition that begins here; gives what is shown of it, and how the server prints it.
pub fn parse(reader: &mut Reader, line: Line, id: &str) -> Result<(Value, String), Fault> {
    let (mut paths, mut parent, mut script, mut policy) = (None, None, None, "skip".to_owned());
    let mut filter = None;
    fields::object(reader, |reader, key| {
        match (key, reader.token().clone()) {
            ("buckets_path", Token::Text(path)) => paths = Some(json!({"_value": path})),
            ("buckets_path", Token::StartArray) => {
                let listed = fields::texts(reader)?;
                let named = listed
                    .into_iter()
                    .enumerate()
                    .map(|(index, path)| (format!("_value{index}"), path.into()));
                paths = Some(Value::Object(named.collect()));
            }
            ("buckets_path", Token::StartObject) => paths = Some(named_paths(&reader.json()?)?),
            ("parent_bucket_path", Token::Text(path)) => parent = Some(path),
            ("gap_policy", Token::Text(name)) if matches!(name.as_str(), "skip" | "insert_zeros") => {
                policy = name;
            }
            ("gap_policy", Token::Text(name)) => {
                let reason = format!("Invalid gap policy: [{name}], accepted values: [insert_zeros, skip]");
                return Err(refused(reader, line, reason));
            }
            ("script", Token::Text(_) | Token::StartObject) => {
                script = Some(script::parse(reader, line, "painless")?.shown);
            }
            ("filter", Token::StartObject) => {
                filter = Some((key.to_owned(), bucket_filter::shown(&object(reader)?, line)?));
            }
            ("composite_agg_filter", Token::StartObject) => {
                let mut by_source = Map::new();
                for (source, filter) in object(reader)? {
                    let filter = filter.as_object().cloned().unwrap_or_default();
                    by_source.insert(source, bucket_filter::shown(&filter, line)?);
                }
                filter = Some((key.to_owned(), by_source.into()));
            }
            (_, token) => {
                let reason = format!("Unknown key for a {} in [{id}]: [{key}].", token.name());
                return Err(refused(reader, line, reason));
            }
        }
        Ok(())
    })?;
    let missing = |field: &str| {
        let reason = format!("Missing required field [{field}] for bucket_selector aggregation [{id}]");
        refused(reader, line, reason)
    };
    let paths = paths.ok_or_else(|| missing("buckets_path"))?;
    let script = script.ok_or_else(|| missing("script"))?;
    let parent = parent.ok_or_else(|| missing("parent_bucket_path"))?;
    let mut shown = json!({
        "buckets_path": paths,
        "parent_bucket_path": parent,
        "script": script,
        "gap_policy": policy,
    });
    if let Some(shown) = shown.as_object_mut() {
        shown.extend(filter);
    }
    let printed = format!("bucketSelector={}", printed(&json!({id: {"bucket_selector_ext": shown}}), 0));
    Ok((shown, printed))
}

/// Paths by name, each the text of whatever it is.
fn named_paths(paths: &Value) -> Result<Value, Fault> {
    let mut named = Map::new();
    for (name, path) in paths.as_object().into_iter().flatten() {
        if path.is_null() {
            let class = "java.lang.NullPointerException";
            return Err(Fault::new(500, "null_pointer_exception", class, NULL_PATH));
        }
        let text = bucket_filter::scalar(path);
        named.insert(name.clone(), text.unwrap_or_else(|| path.to_string()).into());
    }
    Ok(Value::Object(named))
}

const NULL_PATH: &str = "Cannot invoke \"Object.toString()\" because \"value\" is null";

fn object(reader: &mut Reader) -> Result<Map<String, Value>, Fault> {
    Ok(reader.json()?.as_object().cloned().unwrap_or_default())
}

fn refused(reader: &Reader, line: Line, reason: String) -> Fault {
    Fault {
        place: Some(reader.place()),
        ..Fault::new(400, "parsing_exception", lines::parsing_class(line), reason)
    }
}

/// Prints JSON over several lines, with a blank before each colon too.
fn printed(value: &Value, depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            let lines: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{indent}{} : {}", json!(key), printed(value, depth + 1)))
                .collect();
            format!("{{\n{}\n{}}}", lines.join(",\n"), "  ".repeat(depth))
        }
        other => other.to_string(),
    }
}
