//! The policy of an action: whom it tells of, each alert of some categories or a whole run.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::model::json::Json;

/// Puts the categories of an `action_execution_policy` in order, each once: they are a set.
pub fn tidy(other: &mut BTreeMap<String, Json>) {
    let Some(policy) = other.get_mut("action_execution_policy") else { return };
    let mut value = policy.value();
    if let Some(Value::Object(per_alert)) = value.pointer_mut("/action_execution_scope/per_alert") {
        // none named are none
        let categories = per_alert.entry("actionable_alerts").or_insert_with(|| json!([]));
        if let Value::Array(categories) = categories {
            categories.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            categories.dedup();
        }
    } else if let Some(scope) = value.pointer_mut("/action_execution_scope/per_execution") {
        *scope = json!({});
    }
    *policy = Json::sorted(value);
}
