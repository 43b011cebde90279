//! `definition`: a monitor as the API spells it, for whatever the friendly form cannot say.

use serde_json::Value;

use super::action::MOST_THROTTLE;
use super::resource::Notes;
use super::{body, names, pasted, schedule};
use crate::api::wire;
use crate::api::wire::flaw::Flaw;
use crate::model::monitor::{Input, Monitor, Reference};
use crate::model::name::Name;
use crate::model::part::Part;
use crate::source::fields::{Fields, nearest};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::yaml::Node;

/// The keys that may stand beside `definition`.
const BESIDE: [&str; 4] = ["kind", "name", "labels", "definition"];

/// The types of monitors that servers know by name.
const TYPES: [&str; 5] = [
    "query_level_monitor",
    "bucket_level_monitor",
    "cluster_metrics_monitor",
    "doc_level_monitor",
    "ppl_monitor",
];

/// Reads the monitor under `definition`.
pub fn read(fields: &Fields<'_>, node: &Node, notes: &mut Notes, report: &Report) -> Option<Monitor> {
    for key in fields.keys().filter(|key| !BESIDE.contains(key)) {
        let message = format!("`{key}` and `definition` exclude each other");
        fields.refuse(key, message, "say it inside `definition`, in the API's words");
    }
    let mut document = node.json();
    let Value::Object(map) = &mut document else {
        let message = format!("expected a mapping for `definition`, found {}", node.describe());
        report.error(Finding::at(&node.place, message));
        return None;
    };
    pasted::check(node, !map.contains_key("schedule"), report)?;
    if fields.get("name").is_some() || !map.contains_key("name") {
        let name = super::resource::name(fields, "checkout-errors")?;
        let inner = map.insert("name".into(), name.as_str().into());
        check_names(inner.as_ref(), &name, node, report);
    }
    let decoded = match wire::monitor::decode(&document) {
        Ok(decoded) => decoded,
        Err(flaw) => {
            report.error(finding(flaw, node));
            return None;
        }
    };
    for pointer in &decoded.dropped {
        let key = pointer.rsplit('/').next().unwrap_or_default();
        report.warning(
            Finding::at(&node.nearest(pointer).place, format!("the server drops `{key}` without a word"))
                .hint("remove it, or make it a comment"),
        );
    }
    let mut monitor = decoded.monitor;
    if monitor.name.as_str().trim().is_empty() {
        report.error(Finding::at(&node.nearest("/name").place, "`name` is empty"));
        return None;
    }
    let cron = |key: &str| node.nearest(&format!("/schedule/cron/{key}"));
    monitor.schedule = schedule::check(monitor.schedule, (cron("expression"), cron("timezone")), report)?;
    note(node, &monitor, notes);
    check_type(node, &monitor, report);
    check_inputs(node, &monitor, report);
    check(&monitor, notes, report);
    Some(monitor)
}

/// Says what is wrong with a definition, and where.
pub fn finding(flaw: Flaw, definition: &Node) -> Finding {
    let node = definition.nearest(&flaw.pointer);
    let message = match flaw.expected {
        Some(expected) => format!("{expected}, found {}", node.describe()),
        None => flaw.message,
    };
    Finding::at(&node.place, message)
}

/// Reports that the document has another name than its definition.
pub fn check_names(inner: Option<&Value>, name: &Name, definition: &Node, report: &Report) {
    if let Some(inner) = inner.and_then(Value::as_str)
        && inner != name.as_str()
    {
        let message = format!("the definition is named `{inner}`, the document `{name}`");
        let place = &definition.nearest("/name").place;
        report.error(Finding::at(place, message).hint("remove the name from the definition"));
    }
}

/// Takes down where the parts of the model stand, whose triggers may be wrapped on the wire.
fn note(node: &Node, monitor: &Monitor, notes: &mut Notes) {
    let places = &mut notes.places;
    places.note(Part::Schedule, &node.nearest("/schedule").place);
    places.note(Part::Input, &node.nearest("/inputs/0").place);
    for (i, trigger) in monitor.triggers.iter().enumerate() {
        let outer = node.nearest(&format!("/triggers/{i}"));
        let inner = outer.get(trigger.kind.as_str()).unwrap_or(outer);
        places.note(Part::trigger(i), &inner.place);
        places.note(Part::condition(i), &inner.nearest("/condition").place);
        for (j, action) in trigger.actions.iter().enumerate() {
            let node = inner.nearest(&format!("/actions/{j}"));
            places.note(Part::action(i, j), &node.place);
            let destination = node.get("destination").or_else(|| node.get("destination_id")).unwrap_or(node);
            places.note(Part::destination(i, j), &destination.place);
            if let Reference::Name(name) = &action.destination {
                notes.told.push((name.clone(), destination.place.clone()));
            }
        }
    }
}

/// Warns of a type that is a known one misspelt: servers store it, and fail when it runs.
fn check_type(node: &Node, monitor: &Monitor, report: &Report) {
    let word = monitor.monitor_type.as_str();
    if let Some(near) = nearest(word, TYPES.into_iter()).filter(|near| *near != word) {
        let node = node.nearest("/monitor_type");
        let shown = if node.is_filled { String::new() } else { format!(" `{word}`") };
        report.warning(
            Finding::at(&node.place, format!("no server runs monitors of this type{shown}"))
                .hint(format!("did you mean `{near}`?")),
        );
    }
}

/// Checks how many inputs there are, and what their search bodies have at the top.
fn check_inputs(node: &Node, monitor: &Monitor, report: &Report) {
    let number = monitor.inputs.len();
    if number > 1 {
        let message = format!("{number} inputs in one monitor, the server takes one");
        let place = &node.nearest("/inputs/1").place;
        report.error(Finding::at(place, message).hint("declare a monitor for each"));
    }
    for (i, input) in monitor.inputs.iter().enumerate() {
        if matches!(input, Input::Search { .. }) {
            let entries = node.nearest(&format!("/inputs/{i}/search/query")).entries().iter();
            body::check(entries.map(|entry| (entry.key.as_str(), entry.place.clone())), report);
        }
    }
}

/// Checks what the friendly form checks while it is read; ids of doubled names are carried over in their order.
fn check(monitor: &Monitor, notes: &Notes, report: &Report) {
    let place = |part| notes.places.of(part);
    let triggers = monitor.triggers.iter().enumerate();
    let named = triggers.clone().map(|(i, trigger)| (trigger.name.as_str(), place(Part::trigger(i))));
    // the server takes them, and so they may be there already
    report.warnings(names::flaws("trigger", named));
    for (i, trigger) in triggers {
        let actions = trigger.actions.iter().enumerate();
        let named = actions.clone().map(|(j, action)| (action.name.as_str(), place(Part::action(i, j))));
        report.warnings(names::flaws("action", named));
        for (j, action) in actions {
            let is_too_long = action.throttle.is_some_and(|throttle| throttle.minutes > MOST_THROTTLE);
            if is_too_long {
                let message = "the throttle is longer than 24 hours, which the server refuses";
                report.error(
                    Finding::at(&place(Part::action(i, j)), message).hint("`1440` minutes are the most"),
                );
            }
        }
    }
}
