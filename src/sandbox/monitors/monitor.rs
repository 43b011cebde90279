//! A monitor: read in the order of its keys, checked as a whole, shown in the server's order.

use serde_json::{Map, Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use super::super::state::State;
use super::input::{self, Input};
use super::trigger::{self, Kind, Trigger};
use super::{data_sources, fields, schedule};

/// A monitor as it was read.
#[derive(Clone, Debug)]
pub struct Monitor {
    /// The `monitor_type`; Open Distro has none.
    pub kind: String,
    /// The version that the client sent, or 0.
    pub schema_version: i32,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Since when; only an enabled one has it.
    pub enabled_time: Option<i64>,
    /// What it searches or asks.
    pub inputs: Vec<Input>,
    /// What it is to look for.
    pub triggers: Vec<Trigger>,
    /// Whose it is.
    pub owner: String,
    /// Where its alerts go.
    pub data_sources: Value,
    name: String,
    schedule: Value,
    ui_metadata: Map<String, Value>,
    delete_query_index: bool,
    single_alert: bool,
    target: Option<Value>,
}

/// The parts of a monitor while it is read.
struct Parts {
    name: Option<String>,
    schedule: Option<Value>,
    enabled_time: Option<i64>,
    rest: Monitor,
}

/// Reads the monitor that begins here.
pub fn parse(reader: &mut Reader, state: &mut State) -> Result<Monitor, Fault> {
    let mut parts = Parts { name: None, schedule: None, enabled_time: None, rest: empty() };
    fields::object(reader, |reader, key| field(reader, key, &mut parts, state))?;
    let Parts { name, schedule, enabled_time, rest } = parts;
    let name = name.ok_or_else(|| lines::missing_property(state.line, "name"))?;
    let schedule = schedule.ok_or_else(|| lines::missing_property(state.line, "schedule"))?;
    let enabled_time = rest.enabled.then(|| enabled_time.unwrap_or_else(|| state.now()));
    let monitor = Monitor { enabled_time, name, schedule, ..rest };
    check(&monitor, state)?;
    Ok(monitor)
}

impl Monitor {
    /// Gives what is shown of the monitor, and stored.
    pub fn shown(&self, state: &State) -> Value {
        let line = state.line;
        let mut shown = Map::new();
        let mut show = |key: &str, value: Value| shown.insert(key.to_owned(), value);
        show("type", "monitor".into());
        show("schema_version", self.schema_version.into());
        show("name", self.name.clone().into());
        if lines::has_monitor_types(line) {
            show("monitor_type", self.kind.clone().into());
        }
        if lines::shows_user(line) {
            show("user", lines::nobody());
        }
        show("enabled", self.enabled.into());
        show("enabled_time", self.enabled_time.into());
        show("schedule", self.schedule.clone());
        show("inputs", self.inputs.iter().map(|input| input.shown.clone()).collect());
        show("triggers", self.triggers.iter().map(|trigger| trigger.shown.clone()).collect());
        show("last_update_time", state.now().into());
        if !self.ui_metadata.is_empty() {
            show("ui_metadata", self.ui_metadata.clone().into());
        }
        if lines::has_data_sources(line) {
            show("data_sources", self.data_sources.clone());
            show("delete_query_index_in_every_run", self.delete_query_index.into());
            show("should_create_single_alert_for_findings", self.single_alert.into());
            show("owner", self.owner.clone().into());
        }
        if let Some(target) = &self.target {
            show("target", target.clone());
        }
        Value::Object(shown)
    }
}

fn empty() -> Monitor {
    Monitor {
        kind: "query_level_monitor".to_owned(),
        schema_version: 0,
        enabled: true,
        enabled_time: None,
        inputs: Vec::new(),
        triggers: Vec::new(),
        owner: "alerting".to_owned(),
        data_sources: data_sources::default(),
        name: String::new(),
        schedule: Value::Null,
        ui_metadata: Map::new(),
        delete_query_index: false,
        single_alert: false,
        target: None,
    }
}

fn field(reader: &mut Reader, key: &str, parts: &mut Parts, state: &mut State) -> Result<(), Fault> {
    let line = state.line;
    let null = *reader.token() == Token::Null;
    let rest = &mut parts.rest;
    match key {
        "schema_version" => rest.schema_version = reader.int()?,
        "name" => parts.name = Some(reader.text()?),
        "monitor_type" if lines::has_monitor_types(line) => {
            rest.kind = reader.text()?;
            lines::check_monitor_type(line, &rest.kind)?;
        }
        "enabled" => rest.enabled = reader.boolean()?,
        "schedule" => parts.schedule = Some(schedule::parse(reader, line)?),
        "inputs" => fields::array(reader, |reader| {
            rest.inputs.push(input::parse(reader, state)?);
            Ok(())
        })?,
        "triggers" => fields::array(reader, |reader| {
            rest.triggers.push(trigger::parse(reader, state)?);
            Ok(())
        })?,
        "enabled_time" => parts.enabled_time = fields::instant(reader)?,
        "last_update_time" => {
            fields::instant(reader)?;
        }
        "ui_metadata" => match reader.json()? {
            Value::Object(metadata) => rest.ui_metadata = metadata,
            _ => rest.ui_metadata = Map::new(),
        },
        "data_sources" if lines::has_data_sources(line) && !null => {
            rest.data_sources = data_sources::parse(reader)?;
        }
        "delete_query_index_in_every_run" if lines::has_data_sources(line) && !null => {
            rest.delete_query_index = reader.boolean()?;
        }
        "should_create_single_alert_for_findings" if lines::has_data_sources(line) && !null => {
            rest.single_alert = reader.boolean()?;
        }
        "owner" if lines::has_data_sources(line) && !null => rest.owner = reader.text()?,
        "target" if lines::has_targets(line) && !null => rest.target = Some(parse_target(reader)?),
        _ => reader.skip()?,
    }
    Ok(())
}

fn parse_target(reader: &mut Reader) -> Result<Value, Fault> {
    let (mut kind, mut endpoint, mut arn) = ("local".to_owned(), String::new(), String::new());
    fields::object(reader, |reader, key| {
        match key {
            "type" => kind = reader.text()?,
            "endpoint" => endpoint = reader.text()?,
            "arn" => arn = reader.text()?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(json!({"type": kind, "endpoint": endpoint, "arn": arn}))
}

/// Refuses what the parts, each well in itself, must not be together.
fn check(monitor: &Monitor, state: &State) -> Result<(), Fault> {
    let Monitor { inputs, triggers, kind: monitor_type, .. } = monitor;
    for (index, trigger) in triggers.iter().enumerate() {
        let id = &trigger.id;
        if triggers[..index].iter().any(|other| other.id == *id) {
            let reason = format!("Duplicate trigger id: {id}. Trigger ids must be unique.");
            return Err(Fault::illegal_argument(reason));
        }
        if kind_wanted(monitor_type).is_some_and(|kind| kind != trigger.kind) {
            let named = lines::named_in_mismatch(state.line, trigger);
            let reason = format!("Incompatible trigger [{named}] for monitor type [{monitor_type}]");
            return Err(Fault::illegal_argument(reason));
        }
    }
    if inputs.len() > 1 {
        return Err(Fault::illegal_argument("Monitors can only have 1 search input."));
    }
    lines::check_trigger_count(state.line, triggers.len())?;
    if lines::has_monitor_types(state.line) && monitor_type == "bucket_level_monitor" {
        return inputs.iter().try_for_each(check_aggregations);
    }
    Ok(())
}

fn kind_wanted(monitor_type: &str) -> Option<Kind> {
    match monitor_type {
        "query_level_monitor" | "cluster_metrics_monitor" => Some(Kind::Query),
        "bucket_level_monitor" => Some(Kind::Bucket),
        "doc_level_monitor" => Some(Kind::Document),
        "ppl_monitor" => Some(Kind::Ppl),
        _ => None,
    }
}

fn check_aggregations(input: &Input) -> Result<(), Fault> {
    if input.kind != "search" {
        return Err(Fault::illegal_argument("Unsupported input for monitor type bucket_level_monitor"));
    }
    let body = input.shown.pointer("/search/query").unwrap_or(&Value::Null);
    let aggregations = body.get("aggregations").or_else(|| body.get("aggs")).and_then(Value::as_object);
    if aggregations.is_some_and(|aggregations| !aggregations.is_empty()) {
        return Ok(());
    }
    let indices = input.indices.join(", ");
    Err(Fault::illegal_argument(format!(
        "At least one aggregation is required for the input [SearchInput(indices=[{indices}], query={body})]"
    )))
}
