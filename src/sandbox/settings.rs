//! Cluster settings, of which the sandbox heeds but the limit of monitors.

use serde_json::{Map, Value, json};

use super::exchange::{Request, Response};
use super::reader::{Reader, Token};
use super::refusal::Refusal;
use super::routes::{ALL, Prefix, Route, route};
use super::state::{Change, State};

/// The routes of settings.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("GET", Prefix::Root, "_cluster/settings", ALL, &["flat_settings", "include_defaults"], get),
    route("PUT", Prefix::Root, "_cluster/settings", ALL, &["flat_settings", "timeout", "master_timeout", "cluster_manager_timeout"], put),
];

/// The names of the limit, the newer first.
const MAX_MONITORS: [&str; 2] =
    ["plugins.alerting.monitor.max_monitors", "opendistro.alerting.monitor.max_monitors"];

/// How many monitors a cluster may hold.
pub fn max_monitors(state: &State) -> usize {
    let set = MAX_MONITORS.iter().find_map(|name| number(state.settings.get(*name)?));
    set.unwrap_or(1000)
}

fn number(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|number| number.try_into().ok()),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]
fn get(state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    let set: Map<String, Value> =
        state.settings.iter().map(|(name, value)| (name.clone(), as_text(value))).collect();
    Ok(Response::json(200, json!({"persistent": nested(&set), "transient": {}})))
}

fn put(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let mut reader = Reader::new(state.line, &request.body)?;
    reader.expect(&Token::StartObject)?;
    let body = reader.json()?;
    let mut acknowledged = json!({"acknowledged": true, "persistent": {}, "transient": {}});
    for scope in ["persistent", "transient"] {
        let mut flat = Map::new();
        flatten("", body.get(scope).unwrap_or(&Value::Null), &mut flat);
        for (name, value) in &flat {
            state.change(Change::Set(name.clone(), value.clone()));
        }
        let told: Map<String, Value> =
            flat.iter().map(|(name, value)| (name.clone(), as_text(value))).collect();
        acknowledged[scope] = nested(&told);
    }
    Ok(Response::json(200, acknowledged))
}

/// Settings may be nested as one likes: `{"a": {"b": 1}}` is `{"a.b": 1}`.
fn flatten(prefix: &str, value: &Value, flat: &mut Map<String, Value>) {
    let Value::Object(entries) = value else {
        if !prefix.is_empty() {
            flat.insert(prefix.to_owned(), value.clone());
        }
        return;
    };
    for (name, value) in entries {
        let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        flatten(&name, value, flat);
    }
}

fn nested(flat: &Map<String, Value>) -> Value {
    let mut root = json!({});
    for (name, value) in flat {
        let mut at = &mut root;
        for part in name.split('.') {
            at = &mut at[part];
        }
        *at = value.clone();
    }
    root
}

fn as_text(value: &Value) -> Value {
    match value {
        Value::Number(_) | Value::Bool(_) => Value::String(value.to_string()),
        other => other.clone(),
    }
}
