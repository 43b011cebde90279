//! Monitors on the wire, and workflows, which are much like them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fields::{Fields, mismatch};
use super::flaw::{Flaw, keep};
use super::ids::Ids;
use super::{canonical, doc_queries, schedule, trigger, workflow};
use crate::api::line::Line;
use crate::model::json::Json;
use crate::model::monitor::{Input, Monitor, MonitorType, TriggerForm};
use crate::model::name::Name;
use crate::model::resource::Kind;

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

const KNOWN: &[&str] = &["name", "enabled", "schedule", "inputs", "triggers"];

/// What the two kinds do not share.
struct Shape {
    kind: Kind,
    /// The key that says the type.
    type_key: &'static str,
    /// The type where nothing is said.
    default_type: fn() -> MonitorType,
}

const MONITOR: Shape =
    Shape { kind: Kind::Monitor, type_key: "monitor_type", default_type: MonitorType::query_level };

const WORKFLOW: Shape =
    Shape { kind: Kind::Workflow, type_key: "workflow_type", default_type: MonitorType::composite };

impl Shape {
    fn of(kind: Kind) -> &'static Self {
        if kind == Kind::Workflow { &WORKFLOW } else { &MONITOR }
    }
}

/// Reads a monitor or a workflow in the API's own spelling, of any line, or finds out all that keeps it from being read.
pub fn decode(kind: Kind, document: &Value) -> Result<Decoded, Vec<Flaw>> {
    decode_with(kind, document, &Json::of)
}

/// Reads a monitor or a workflow as a server of `line` shows it; it is in canonical form, its search bodies printed but
/// once.
pub fn decode_live(kind: Kind, document: &Value, line: Line) -> Result<Decoded, Vec<Flaw>> {
    let mut decoded = decode_with(kind, document, &|body| canonical::body(body, line))?;
    canonical::beside_searches(&mut decoded.monitor, line);
    Ok(decoded)
}

fn decode_with(kind: Kind, document: &Value, body: &dyn Fn(&Value) -> Json) -> Result<Decoded, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let decoded = decode_parts(Shape::of(kind), document, body, &mut flaws);
    // a list that lacks what could not be read is no list
    decoded.filter(|_| flaws.is_empty()).ok_or(flaws)
}

fn decode_parts(
    shape: &Shape,
    document: &Value,
    body: &dyn Fn(&Value) -> Json,
    flaws: &mut Vec<Flaw>,
) -> Option<Decoded> {
    let fields = keep(Fields::of(document, ""), flaws)?;
    let mut dropped = Vec::new();
    let mut other = BTreeMap::new();
    let is_beside = |key: &&String| {
        let key = key.as_str();
        !SERVERS.contains(&key) && key != shape.type_key && key != "ui_metadata"
    };
    for (key, value) in fields.beside(KNOWN).filter(|(key, _)| is_beside(key)) {
        match default_of(shape.kind, key) {
            None => dropped.push(fields.at(key)),
            Some(default) if value.is_null() || *value == default => {}
            Some(_) => {
                other.insert(key.clone(), Json::of(value));
            }
        }
    }
    let items = keep(fields.items("triggers"), flaws).unwrap_or_default();
    let monitor_type = keep(fields.text(shape.type_key), flaws);
    let monitor_type = monitor_type.map(|word| word.map_or_else(shape.default_type, MonitorType::new));
    let bare = monitor_type.as_ref().and_then(|word| TriggerForm::of(word.as_str()));
    let bare = bare.unwrap_or(TriggerForm::Query).kind();
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
    let enabled = keep(fields.truth("enabled"), flaws);
    let schedule = fields.need("schedule").and_then(|value| schedule::decode(value, &fields.at("schedule")));
    let schedule = keep(schedule, flaws);
    let items = keep(fields.items("inputs"), flaws).unwrap_or_default();
    let input = |(at, value): (String, &Value)| match shape.kind {
        Kind::Workflow => keep(workflow::decode_input(value, &at), flaws),
        _ => keep(input(value, &at, body), flaws),
    };
    let inputs: Vec<Input> = items.into_iter().filter_map(input).collect();
    if shape.kind == Kind::Workflow && inputs.len() != 1 {
        let wanted = "a list of one `composite_input`";
        flaws.push(mismatch(&fields.at("inputs"), wanted, fields.get("inputs").unwrap_or(&Value::Null)));
    }
    let monitor = Monitor {
        name: Name::new(name?),
        monitor_type: monitor_type?,
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

/// Writes a monitor or a workflow as `line` takes it: a whole document, since a PUT replaces everything.
pub fn encode(monitor: &Monitor, ids: &Ids, line: Line, ui_metadata: Option<Value>) -> Value {
    let Monitor { name, monitor_type, enabled, schedule, inputs, triggers, other } = monitor;
    let mut fields = Map::new();
    let shape = Shape::of(monitor.kind());
    fields.insert("type".into(), shape.kind.as_str().into());
    fields.insert("name".into(), name.as_str().into());
    if line.wraps_triggers() {
        fields.insert(shape.type_key.into(), monitor_type.as_str().into());
    }
    fields.insert("enabled".into(), (*enabled).into());
    fields.insert("schedule".into(), schedule::encode(schedule));
    fields.insert("inputs".into(), inputs.iter().map(|input| encode_input(input, ids, line)).collect());
    let triggers = triggers.iter().enumerate();
    let triggers = triggers.map(|(index, trigger)| trigger::encode(trigger, ids.triggers.get(index), line));
    fields.insert("triggers".into(), triggers.collect());
    fields.extend(other.iter().map(|(key, value)| (key.clone(), value.value())));
    if let Some(ui_metadata) = ui_metadata {
        fields.insert("ui_metadata".into(), ui_metadata);
    }
    Value::Object(fields)
}

/// The server's default of a further field that an owner may set; `None` when the server does not know the field.
fn default_of(kind: Kind, key: &str) -> Option<Value> {
    match (kind, key) {
        (_, "owner") => Some("alerting".into()),
        (Kind::Workflow, "audit_delegate_monitor_alerts") => Some(Value::Bool(true)),
        (Kind::Monitor, "delete_query_index_in_every_run" | "should_create_single_alert_for_findings") => {
            Some(Value::Bool(false))
        }
        (Kind::Monitor, "target") => Some(Value::Null),
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
        Input::Composite(delegates) => workflow::encode_input(delegates),
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
