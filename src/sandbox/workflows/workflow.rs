//! A workflow: read in the order of its keys, shown in the server's order. Other than a monitor it keeps nothing that it
//! does not know, `ui_metadata` neither.

use serde_json::{Map, Value};

use super::super::fault::Fault;
use super::super::monitors::trigger::{self, Kind, Trigger};
use super::super::monitors::{fields, schedule};
use super::super::reader::{Reader, Token};
use super::super::state::State;
use super::input::{self, Delegate};

/// A workflow as it was read.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// The version that the client sent, or 0.
    pub schema_version: i32,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Since when; only an enabled one has it.
    pub enabled_time: Option<i64>,
    /// The delegates of each of its inputs, of which it has at most one.
    pub inputs: Vec<Vec<Delegate>>,
    /// What it is to look for among the alerts of its delegates.
    pub triggers: Vec<Trigger>,
    name: String,
    schedule: Value,
    owner: String,
    audits: bool,
}

/// The parts of a workflow while it is read.
struct Parts {
    name: Option<String>,
    schedule: Option<Value>,
    enabled_time: Option<i64>,
    rest: Workflow,
}

/// Reads the workflow that begins here.
pub fn parse(reader: &mut Reader, state: &mut State) -> Result<Workflow, Fault> {
    let mut parts = Parts { name: None, schedule: None, enabled_time: None, rest: empty() };
    fields::object(reader, |reader, key| field(reader, key, &mut parts, state))?;
    let Parts { name, schedule, enabled_time, rest } = parts;
    let name = name.ok_or_else(|| Fault::illegal_argument("Workflow name is null"))?;
    let schedule = schedule.ok_or_else(|| Fault::illegal_argument("Workflow schedule is null"))?;
    let enabled_time = rest.enabled.then(|| enabled_time.unwrap_or_else(|| state.now()));
    let workflow = Workflow { enabled_time, name, schedule, ..rest };
    check(&workflow)?;
    Ok(workflow)
}

impl Workflow {
    /// Gives all delegates, in the order in which they were sent.
    pub fn delegates(&self) -> &[Delegate] {
        self.inputs.first().map_or(&[], Vec::as_slice)
    }

    /// Gives what is shown of the workflow, and stored.
    pub fn shown(&self, state: &State) -> Value {
        let mut shown = Map::new();
        let mut show = |key: &str, value: Value| shown.insert(key.to_owned(), value);
        show("type", "workflow".into());
        show("schema_version", self.schema_version.into());
        show("name", self.name.clone().into());
        show("workflow_type", "composite".into());
        show("enabled", self.enabled.into());
        show("enabled_time", self.enabled_time.into());
        show("schedule", self.schedule.clone());
        show("inputs", self.inputs.iter().map(|delegates| input::shown(delegates)).collect());
        show("triggers", self.triggers.iter().map(|trigger| trigger.shown.clone()).collect());
        show("last_update_time", state.now().into());
        show("owner", self.owner.clone().into());
        show("audit_delegate_monitor_alerts", self.audits.into());
        Value::Object(shown)
    }
}

fn empty() -> Workflow {
    Workflow {
        schema_version: 0,
        enabled: true,
        enabled_time: None,
        inputs: Vec::new(),
        triggers: Vec::new(),
        name: String::new(),
        schedule: Value::Null,
        owner: "alerting".to_owned(),
        audits: true,
    }
}

fn field(reader: &mut Reader, key: &str, parts: &mut Parts, state: &mut State) -> Result<(), Fault> {
    let rest = &mut parts.rest;
    match key {
        "schema_version" => rest.schema_version = reader.int()?,
        "name" => parts.name = Some(reader.text()?),
        "workflow_type" => {
            if reader.text()? != "composite" {
                return Err(Fault::illegal_state("Workflow type should be one of [composite]"));
            }
        }
        "enabled" => rest.enabled = reader.boolean()?,
        "schedule" => parts.schedule = Some(schedule::parse(reader, state.line)?),
        "triggers" => fields::array(reader, |reader| {
            rest.triggers.push(trigger::parse(reader, state)?);
            Ok(())
        })?,
        "inputs" => fields::array(reader, |reader| {
            rest.inputs.push(input::parse(reader)?);
            Ok(())
        })?,
        "enabled_time" => parts.enabled_time = fields::instant(reader)?,
        "last_update_time" => {
            fields::instant(reader)?;
        }
        "audit_delegate_monitor_alerts" => rest.audits = reader.boolean()?,
        // any owner will do
        "owner" if *reader.token() != Token::Null => rest.owner = reader.text()?,
        _ => reader.skip()?,
    }
    Ok(())
}

/// Refuses what no workflow can have. Ids of triggers may be given twice, other than in monitors.
fn check(workflow: &Workflow) -> Result<(), Fault> {
    let Workflow { inputs, triggers, .. } = workflow;
    if inputs.len() > 1 {
        return Err(Fault::illegal_argument("Workflows can only have 1 search input."));
    }
    let stranger = triggers.iter().find(|trigger| trigger.kind != Kind::Chained);
    stranger.map_or(Ok(()), |trigger| {
        Err(Fault::illegal_argument(format!("Incompatible trigger [{}] for workflow. ", trigger.name)))
    })
}
