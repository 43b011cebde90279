//! What is wrong or odd with a monitor in the API's own words, beyond what keeps it from being read.

use super::action::MOST_THROTTLE;
use super::resource::Notes;
use super::{body, names};
use crate::api::wire::flaw::Dropped;
use crate::model::monitor::{Input, Monitor, MonitorType, TriggerForm};
use crate::model::part::Part;
use crate::model::resource::Kind;
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::{nearest, suggestion};
use crate::source::yaml::Node;

/// The types of monitors that servers know by name.
const TYPES: [&str; 5] = [
    "query_level_monitor",
    "bucket_level_monitor",
    "cluster_metrics_monitor",
    "doc_level_monitor",
    "ppl_monitor",
];

/// What a server shows and is not sent, though a person could think that it has an effect; why.
///
/// Times, revisions, users and the like are the server's own so plainly that they may be pasted along.
const NOT_SENT: [(&str, &str); 2] = [
    ("data_sources", "servers refuse any but their own: remove it"),
    ("ui_metadata", "what Dashboards needs is written by alertform: remove it"),
];

/// Checks a monitor that was read from `node`.
pub fn check(node: &Node, monitor: &Monitor, notes: &Notes, report: &Report) {
    check_type(node, monitor, report);
    check_kinds(node, monitor, notes, report);
    check_inputs(node, monitor, report);
    check_parts(monitor, notes, report);
}

/// Warns of what is in the definition and has no effect.
pub fn warn_of_dropped(node: &Node, dropped: &[Dropped], report: &Report) {
    for (key, hint) in NOT_SENT {
        if let Some(value) = node.get(key) {
            report.warning(Finding::at(&value.place, format!("`{key}` is not sent")).hint(hint));
        }
    }
    for Dropped { object, key, known } in dropped {
        let node = node.nearest(object);
        let entry = node.entries().iter().find(|entry| entry.key == *key);
        let place = entry.map_or(&node.place, |entry| &entry.place);
        let message = format!("unknown key `{key}`, which is not sent");
        report.warning(Finding::at(place, message).hint(suggestion(key, known)));
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

/// Refuses triggers that do not go with the type of the monitor; of a type that is not known any may.
fn check_kinds(node: &Node, monitor: &Monitor, notes: &Notes, report: &Report) {
    let word = monitor.monitor_type.as_str();
    if monitor.kind() == Kind::Workflow && word != MonitorType::COMPOSITE {
        let node = node.nearest("/workflow_type");
        let message = format!("expected `{}`, found {}", MonitorType::COMPOSITE, node.describe());
        report.error(Finding::at(&node.place, message).hint("leave it out: all workflows are of this type"));
        return;
    }
    let Some(form) = TriggerForm::of(word) else { return };
    let whose = match monitor.kind() {
        Kind::Workflow => "workflows".to_owned(),
        _ => format!("monitors of the type `{word}`"),
    };
    for (index, trigger) in monitor.triggers.iter().enumerate() {
        if trigger.kind != form.kind() {
            let message = format!("{whose} have no triggers of the kind `{}`", trigger.kind.as_str());
            let hint = format!("servers take `{}` alone", form.kind().as_str());
            report.error(Finding::at(&notes.places.of(Part::trigger(index)), message).hint(hint));
        }
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
fn check_parts(monitor: &Monitor, notes: &Notes, report: &Report) {
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
