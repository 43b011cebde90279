//! What a condition on buckets includes and excludes: keys, which are sets, regular expressions, or a part of all.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::fault::Fault;
use crate::api::line::Line;
use crate::sandbox::line_differences as lines;

/// What is shown of a filter.
pub fn shown(filter: &Map<String, Value>, line: Line) -> Result<Value, Fault> {
    let mut shown = Map::new();
    for key in ["include", "exclude"] {
        if let Some(keys) = filter.get(key) {
            shown.insert(key.to_owned(), keys_of(key, keys, line)?);
        }
    }
    let problem = match (shown.get("include"), shown.get("exclude")) {
        (None, None) => {
            let class = "java.lang.NullPointerException";
            let reason = "merge(include, exclude) must not be null";
            return Err(Fault::new(500, "null_pointer_exception", class, reason));
        }
        (Some(Value::Object(_)), Some(_)) => {
            "Cannot specify any excludes when using a partition-based include"
        }
        (Some(Value::String(_)), Some(Value::Array(_))) => {
            "Cannot mix a regex-based include with a set-based method"
        }
        (Some(Value::Array(_)), Some(Value::String(_))) => {
            "Cannot mix a set-based include with a regex-based method"
        }
        _ => return Ok(Value::Object(shown)),
    };
    Err(Fault::illegal_argument(problem))
}

fn keys_of(key: &str, keys: &Value, line: Line) -> Result<Value, Fault> {
    match keys {
        Value::String(_) => Ok(keys.clone()),
        Value::Array(items) => {
            let texts: Option<BTreeSet<String>> = items.iter().map(scalar).collect();
            let texts = texts.map(|texts| json!(texts));
            texts.ok_or_else(|| {
                let reason = "Array elements in include/exclude clauses should be string values";
                Fault::new(400, "parse_exception", lines::parse_exception_class(line), reason)
            })
        }
        Value::Object(parts) if key == "include" => {
            let part = |key: &str| {
                let missing = || {
                    Fault::illegal_argument(format!("Missing [{key}] parameter for partition-based include"))
                };
                parts.get(key).cloned().ok_or_else(missing)
            };
            let (partition, number) = (part("partition")?, part("num_partitions")?);
            if partition.as_u64() >= number.as_u64() {
                let reason = format!("Partition must be >=0 and < numPartition which is {number}");
                return Err(Fault::illegal_argument(reason));
            }
            Ok(json!({"partition": partition, "num_partitions": number}))
        }
        _ => Err(Fault::illegal_argument(format!("Unrecognized token for an {key}"))),
    }
}

/// The text of a scalar.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
