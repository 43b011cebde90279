//! Monitors on the wire.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::directory::Directory;
use super::fields::Fields;
use super::flaw::{Flaw, keep};
use super::ids::Ids;
use super::{canonical, doc_queries, schedule, trigger};
use crate::api::line::Line;
use crate::model::json::Json;
use crate::model::monitor::{Input, Monitor, MonitorType, TriggerForm, TriggerKind};
use crate::model::name::Name;

/// A monitor as read; its destinations are ids still.
pub struct Decoded {
    /// The monitor.
    pub monitor: Monitor,
    /// The ids of its triggers and actions; empty texts where the document has none.
    pub ids: Ids,
    /// What Dashboards and we keep beside the monitor.
    pub ui_metadata: Option<Value>,
    /// Pointers to what the server drops without a word.
    pub dropped: Vec<String>,
}

/// What the server owns or fills in: never compared, never sent.
const SERVERS: &[&str] =
    &["type", "schema_version", "user", "enabled_time", "last_update_time", "data_sources", "id", "version"];

const KNOWN: &[&str] = &["name", "monitor_type", "enabled", "schedule", "inputs", "triggers", "ui_metadata"];

/// Reads a monitor in the API's own spelling, of any line, or finds out all that keeps it from being read.
pub fn decode(document: &Value) -> Result<Decoded, Vec<Flaw>> {
    decode_with(document, &Json::of)
}

/// Reads a monitor as a server of `line` shows it; it is in canonical form, its search bodies printed but once.
pub fn decode_live(document: &Value, line: Line) -> Result<Decoded, Vec<Flaw>> {
    let mut decoded = decode_with(document, &|body| canonical::body(body, line))?;
    canonical::beside_searches(&mut decoded.monitor, line);
    Ok(decoded)
}

fn decode_with(document: &Value, body: &dyn Fn(&Value) -> Json) -> Result<Decoded, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let decoded = decode_parts(document, body, &mut flaws);
    // a list that lacks what could not be read is no list
    decoded.filter(|_| flaws.is_empty()).ok_or(flaws)
}

fn decode_parts(document: &Value, body: &dyn Fn(&Value) -> Json, flaws: &mut Vec<Flaw>) -> Option<Decoded> {
    let fields = keep(Fields::of(document, ""), flaws)?;
    let mut dropped = Vec::new();
    let mut other = BTreeMap::new();
    for (key, value) in fields.beside(KNOWN).filter(|(key, _)| !SERVERS.contains(&key.as_str())) {
        match default_of(key) {
            None => dropped.push(fields.at(key)),
            Some(default) if value.is_null() || *value == default => {}
            Some(_) => {
                other.insert(key.clone(), Json::of(value));
            }
        }
    }
    let items = keep(fields.items("triggers"), flaws).unwrap_or_default();
    let bare = bare(&fields);
    let mut triggers = Vec::with_capacity(items.len());
    let mut ids = Ids { triggers: Vec::with_capacity(items.len()), queries: Vec::new() };
    for (pointer, value) in items {
        if let Some(decoded) = trigger::decode(value, &pointer, &bare, flaws) {
            triggers.push(decoded.trigger);
            ids.triggers.push(decoded.ids);
            dropped.extend(decoded.dropped);
        }
    }
    let name = keep(fields.need_text("name"), flaws);
    let monitor_type = keep(fields.text("monitor_type"), flaws);
    let enabled = keep(fields.truth("enabled"), flaws);
    let schedule = fields.need("schedule").and_then(|value| schedule::decode(value, &fields.at("schedule")));
    let schedule = keep(schedule, flaws);
    let items = keep(fields.items("inputs"), flaws).unwrap_or_default();
    let inputs = items.into_iter().filter_map(|(at, value)| keep(input(value, &at, body), flaws)).collect();
    let monitor = Monitor {
        name: Name::new(name?),
        monitor_type: monitor_type?.map_or_else(MonitorType::query_level, MonitorType::new),
        enabled: enabled?.unwrap_or(true),
        schedule: schedule?,
        inputs,
        triggers,
        other,
    };
    ids.queries = doc_queries::ids(&monitor);
    let ui_metadata = fields.get("ui_metadata").filter(|value| value.is_object()).cloned();
    Some(Decoded { monitor, ids, ui_metadata, dropped })
}

/// The kind that triggers without a wrapper have.
fn bare(fields: &Fields<'_>) -> TriggerKind {
    let form = fields.get("monitor_type").and_then(Value::as_str).and_then(TriggerForm::of);
    form.unwrap_or(TriggerForm::Query).kind()
}

/// Writes a monitor as `line` takes it: a whole document, since a PUT replaces everything.
pub fn encode(
    monitor: &Monitor,
    ids: &Ids,
    line: Line,
    directory: &Directory,
    ui_metadata: Option<Value>,
) -> Value {
    let Monitor { name, monitor_type, enabled, schedule, inputs, triggers, other } = monitor;
    let mut fields = Map::new();
    fields.insert("type".into(), "monitor".into());
    fields.insert("name".into(), name.as_str().into());
    if line.wraps_triggers() {
        fields.insert("monitor_type".into(), monitor_type.as_str().into());
    }
    fields.insert("enabled".into(), (*enabled).into());
    fields.insert("schedule".into(), schedule::encode(schedule));
    fields.insert("inputs".into(), inputs.iter().map(|input| encode_input(input, ids, line)).collect());
    let triggers = triggers.iter().enumerate();
    let triggers =
        triggers.map(|(index, trigger)| trigger::encode(trigger, ids.triggers.get(index), line, directory));
    fields.insert("triggers".into(), triggers.collect());
    fields.extend(other.iter().map(|(key, value)| (key.clone(), value.value())));
    if let Some(ui_metadata) = ui_metadata {
        fields.insert("ui_metadata".into(), ui_metadata);
    }
    Value::Object(fields)
}

/// The server's default of a further field that an owner may set; `None` when the server does not know the field.
fn default_of(key: &str) -> Option<Value> {
    match key {
        "delete_query_index_in_every_run" | "should_create_single_alert_for_findings" => {
            Some(Value::Bool(false))
        }
        "owner" => Some("alerting".into()),
        "target" => Some(Value::Null),
        _ => None,
    }
}

fn input(value: &Value, pointer: &str, body: &dyn Fn(&Value) -> Json) -> Result<Input, Flaw> {
    let fields = Fields::of(value, pointer)?;
    let Some(search) = fields.get("search") else {
        return Ok(Input::Other(Json::sorted(value.clone())));
    };
    let search = Fields::of(search, &fields.at("search"))?;
    let indices = search.items("indices")?;
    let indices = indices.into_iter().map(|(pointer, index)| super::fields::text(index, || pointer));
    Ok(Input::Search { indices: indices.collect::<Result<_, _>>()?, body: body(search.need("query")?) })
}

/// Line 1.3 joins the parameters of a cluster's API to its path as they are: `_cluster/healthlogs`.
fn separate(input: &mut Value) {
    if let Some(Value::String(params)) = input.pointer_mut("/uri/path_params")
        && !params.is_empty()
        && !params.starts_with('/')
    {
        params.insert(0, '/');
    }
}

fn encode_input(input: &Input, ids: &Ids, line: Line) -> Value {
    match input {
        Input::Search { indices, body } => json!({"search": {"indices": indices, "query": body.value()}}),
        Input::Other(input) => {
            let mut input = input.value();
            doc_queries::identify(&mut input, &ids.queries);
            if line == Line::V1_3 {
                separate(&mut input);
            }
            input
        }
    }
}
