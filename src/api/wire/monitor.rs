//! Monitors on the wire, and workflows, which are much like them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fields::{Fields, mismatch};
use super::flaw::{Defects, Dropped, Flaw};
use super::ids::Ids;
use super::input::Spelling;
use super::{doc_queries, input, schedule, trigger, workflow};
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
    /// When the server wrote it.
    pub times: Times,
    /// For whom, where it says so.
    pub written_by: Option<String>,
    /// What says nothing to the server.
    pub dropped: Vec<Dropped>,
}

/// What a server says of when it wrote a document, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// `last_update_time`, which it sets whatever it is sent; 0 where nothing is said.
    pub stored: u64,
    /// `enabled_time`, which it sets when none is sent.
    pub enabled: Option<u64>,
}

/// What the server owns or fills in: never compared, never sent.
const SERVERS: &[&str] =
    &["type", "schema_version", "user", "enabled_time", "last_update_time", "data_sources", "id", "version"];

/// What the two kinds do not share.
struct Shape {
    kind: Kind,
    /// The key that says the type.
    type_key: &'static str,
    /// The type where nothing is said.
    default_type: fn() -> MonitorType,
    /// What an owner usually sets.
    known: &'static [&'static str],
}

const MONITOR: Shape = Shape {
    kind: Kind::Monitor,
    type_key: "monitor_type",
    default_type: MonitorType::query_level,
    known: &["name", "monitor_type", "enabled", "schedule", "inputs", "triggers"],
};

const WORKFLOW: Shape = Shape {
    kind: Kind::Workflow,
    type_key: "workflow_type",
    default_type: MonitorType::composite,
    known: &["name", "workflow_type", "enabled", "schedule", "inputs", "triggers"],
};

impl Shape {
    fn of(kind: Kind) -> &'static Self {
        if kind == Kind::Workflow { &WORKFLOW } else { &MONITOR }
    }
}

/// Reads a monitor or a workflow in the API's own spelling, of any line, or finds out all that keeps it from being read.
pub fn decode(kind: Kind, document: &Value) -> Result<Decoded, Vec<Flaw>> {
    decode_in(kind, document, Spelling::AsWritten)
}

/// Reads a monitor or a workflow as a server of `line` shows it; it is in canonical form.
pub fn decode_live(kind: Kind, document: &Value, line: Line) -> Result<Decoded, Vec<Flaw>> {
    decode_in(kind, document, Spelling::Shortest(line))
}

fn decode_in(kind: Kind, document: &Value, spelling: Spelling) -> Result<Decoded, Vec<Flaw>> {
    let mut defects = Defects::default();
    let decoded = decode_parts(Shape::of(kind), document, spelling, &mut defects);
    let Defects { flaws, dropped } = defects;
    // a list that lacks what could not be read is no list
    match decoded.filter(|_| flaws.is_empty()) {
        Some(decoded) => Ok(Decoded { dropped, ..decoded }),
        None => Err(flaws),
    }
}

fn decode_parts(
    shape: &Shape,
    document: &Value,
    spelling: Spelling,
    defects: &mut Defects,
) -> Option<Decoded> {
    let fields = defects.keep(Fields::of(document, ""))?;
    let other = other(shape, &fields, defects);
    let items = defects.keep(fields.items("triggers")).unwrap_or_default();
    let monitor_type = defects.keep(fields.text(shape.type_key));
    let monitor_type = monitor_type.map(|word| word.map_or_else(shape.default_type, MonitorType::new));
    let form = monitor_type.as_ref().and_then(|word| TriggerForm::of(word.as_str()));
    let mut triggers = Vec::with_capacity(items.len());
    let mut ids = Ids { triggers: Vec::with_capacity(items.len()), queries: Vec::new() };
    for (pointer, value) in items {
        if let Some(decoded) = trigger::decode(value, &pointer, form, defects) {
            triggers.push(decoded.trigger);
            ids.triggers.push(decoded.ids);
        }
    }
    let name = defects.keep(fields.need_text("name"));
    let enabled = defects.keep(fields.truth("enabled"));
    let schedule = fields.need("schedule");
    let schedule = schedule.and_then(|value| schedule::decode(value, &fields.at("schedule"), defects));
    let schedule = defects.keep(schedule);
    let inputs = inputs(shape, &fields, spelling, defects);
    let monitor = Monitor {
        name: Name::new(name?),
        monitor_type: monitor_type?,
        enabled: enabled?.unwrap_or(true),
        schedule: schedule?,
        inputs: inputs?,
        triggers,
        other,
    };
    ids.queries = doc_queries::ids(&monitor);
    let ui_metadata = fields.get("ui_metadata").filter(|value| value.is_object()).cloned();
    let time = |key| fields.get(key).and_then(Value::as_u64);
    let times = Times { stored: time("last_update_time").unwrap_or_default(), enabled: time("enabled_time") };
    let user = fields.get("user").and_then(|user| user.get("name")?.as_str());
    let written_by = user.filter(|name| !name.is_empty()).map(str::to_owned);
    Some(Decoded { monitor, ids, ui_metadata, times, written_by, dropped: Vec::new() })
}

/// The further fields that an owner may set.
fn other(shape: &Shape, fields: &Fields<'_>, defects: &mut Defects) -> BTreeMap<String, Json> {
    let mut other = BTreeMap::new();
    for (key, value) in fields.beside(shape.known) {
        if SERVERS.contains(&key.as_str()) || key == "ui_metadata" {
            continue;
        }
        match default_of(shape.kind, key) {
            None if value.is_null() => {}
            None => defects.drop(fields, key, shape.known),
            Some(default) if value.is_null() || *value == default => {}
            // a truth value may be written as a text
            Some(default @ Value::Bool(_)) => {
                if let Some(Some(truth)) = defects.keep(fields.truth(key))
                    && default != truth
                {
                    other.insert(key.clone(), Json::of(&truth.into()));
                }
            }
            Some(_) => {
                other.insert(key.clone(), Json::of(value));
            }
        }
    }
    other
}

fn inputs(
    shape: &Shape,
    fields: &Fields<'_>,
    spelling: Spelling,
    defects: &mut Defects,
) -> Option<Vec<Input>> {
    let items = defects.keep(fields.items("inputs"))?;
    if shape.kind == Kind::Workflow && items.len() != 1 {
        let found = fields.get("inputs").unwrap_or(&Value::Null);
        defects.flaws.push(mismatch(&fields.at("inputs"), "a list of one `composite_input`", found));
    }
    let input = |(at, value): (String, &Value)| match shape.kind {
        Kind::Workflow => workflow::decode_input(value, &at, defects),
        _ => input::decode(value, &at, spelling, defects),
    };
    let inputs: Vec<_> = items.into_iter().map(input).collect();
    inputs.into_iter().collect()
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
    fields.insert("inputs".into(), inputs.iter().map(|input| input::encode(input, ids, line)).collect());
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
