//! Workflows over the monitors of a project.

use alertform::api::line::Line;
use alertform::model::chained::{Piece, joined};
use alertform::model::reference::Reference;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::actions::trigger;
use super::names::name;
use super::schedules::schedule;
use super::{draft, name_of};

/// A workflow whose delegates are numbers still, for which [`link`] puts names.
pub fn workflow() -> impl Strategy<Value = Value> {
    // what a workflow can be is the same on both lines
    let triggers = prop::collection::vec((trigger(Line::V2_19), any::<[bool; 2]>()), 1..4);
    let audit = prop::option::of(any::<bool>());
    let enabled = prop::option::of(any::<bool>());
    let delegates = prop::collection::vec(any::<u16>(), 1..5);
    (name(), schedule(Line::V2_19), enabled, audit, delegates, triggers).prop_map(
        |(name, schedule, enabled, audit, delegates, triggers)| {
            let triggers = triggers.into_iter().map(|(mut trigger, operators)| {
                trigger["condition"] = json!(operators);
                trigger
            });
            let triggers: Vec<Value> = triggers.collect();
            let mut rest = json!({"schedule": schedule, "delegates": delegates, "triggers": triggers});
            let parts = [("enabled", enabled), ("audit_delegate_monitor_alerts", audit)];
            for (key, value) in parts.into_iter().filter_map(|(key, value)| Some((key, value?))) {
                rest[key] = value.into();
            }
            draft("workflow", name, rest)
        },
    )
}

/// Puts names for numbers; a delegate looks at the findings of those before it that have some in its indices.
pub fn link(workflow: &mut Value, monitors: &[Value]) -> bool {
    let mut chosen: Vec<&Value> = Vec::new();
    for number in workflow["delegates"].as_array().unwrap() {
        let monitor = &monitors[usize::try_from(number.as_u64().unwrap()).unwrap() % monitors.len()];
        if !chosen.iter().any(|other| name_of(other) == name_of(monitor)) {
            chosen.push(monitor);
        }
    }
    let delegates = chosen.iter().enumerate().map(|(index, monitor)| {
        let before = chosen[..index].iter().filter(|before| gives_findings(before, monitor));
        let findings: Vec<&str> = before.map(|before| name_of(before)).collect();
        match (findings.as_slice(), index % 2) {
            ([], 0) => name_of(monitor).into(),
            ([], _) => json!({"monitor": name_of(monitor)}),
            (findings, _) => json!({"monitor": name_of(monitor), "chained_monitor_findings": findings}),
        }
    });
    let delegates: Vec<Value> = delegates.collect();
    workflow["delegates"] = delegates.into();
    for trigger in workflow["triggers"].as_array_mut().unwrap() {
        let [is_not, is_or] = [0, 1].map(|at| trigger["condition"][at].as_bool().unwrap());
        let mut pieces = Vec::new();
        for (index, monitor) in chosen.iter().enumerate() {
            let between = match (index, is_not, is_or) {
                (0, true, _) => "!",
                (0, false, _) => "",
                (_, true, true) => " || !",
                (_, false, true) => " || ",
                (_, true, false) => " && !",
                (_, false, false) => " && ",
            };
            pieces.push(Piece::Between(between));
            pieces.push(Piece::Monitor(Reference::Name(name_of(monitor).into())));
        }
        trigger["condition"] = joined(&pieces).into();
    }
    !chosen.is_empty()
}

fn gives_findings(source: &Value, receiver: &Value) -> bool {
    let indices = |monitor: &Value| match &monitor["index"] {
        Value::Array(indices) => indices.clone(),
        index => vec![index.clone()],
    };
    let is_document = |monitor: &Value| monitor.get("document_queries").is_some();
    is_document(source)
        && is_document(receiver)
        && indices(source).iter().all(|index| indices(receiver).contains(index))
}
