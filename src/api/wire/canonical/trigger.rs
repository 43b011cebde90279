//! Triggers of other monitors than query-level ones, without what the server adds to them.

use serde_json::{Map, Value, json};

use crate::api::wire::fields::is_empty;
use crate::model::monitor::{TriggerForm, TriggerKind};

/// The fields of a trigger, beside its name and actions, in their shortest spelling.
pub fn canonical(kind: &TriggerKind, mut body: Value) -> Value {
    let Value::Object(fields) = &mut body else { return body };
    if TriggerForm::of_kind(kind) == Some(TriggerForm::Bucket)
        && let Some(Value::Object(condition)) = fields.get_mut("condition")
    {
        bucket_selector(condition);
    }
    fields.retain(|_, value| !value.is_null());
    body
}

fn bucket_selector(condition: &mut Map<String, Value>) {
    script(condition);
    if condition.get("gap_policy").is_some_and(|policy| policy == "skip") {
        condition.shift_remove("gap_policy");
    }
    let named = match condition.get("buckets_path") {
        Some(Value::String(path)) => json!({"_value": path}),
        Some(Value::Array(paths)) => {
            let named = paths.iter().enumerate();
            Value::Object(named.map(|(index, path)| (format!("_value{index}"), path.clone())).collect())
        }
        _ => return,
    };
    condition.insert("buckets_path".to_owned(), named);
}

/// A script without its language, which can only be Painless, and without what is empty.
fn script(condition: &mut Map<String, Value>) {
    match condition.get_mut("script") {
        Some(Value::String(source)) => {
            let source = std::mem::take(source);
            condition.insert("script".to_owned(), json!({"source": source}));
        }
        Some(Value::Object(script)) => script.retain(|key, value| match key.as_str() {
            "lang" => value != "painless",
            "params" | "options" => !is_empty(value),
            _ => true,
        }),
        _ => {}
    }
}
