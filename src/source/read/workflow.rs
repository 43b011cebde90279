//! Workflows: which monitors run one after another, and what is told of their alerts taken together.

use std::collections::BTreeMap;

use super::resource::{Notes, Scope, labels, name, previous_names};
use super::{definition, reference, schedule, trigger};
use crate::api::wire::workflow::FINDINGS;
use crate::model::chained::{self, Piece};
use crate::model::json::Json;
use crate::model::monitor::{Delegate, Input, Monitor, MonitorType, Trigger, TriggerForm};
use crate::model::part::Part;
use crate::model::reference::Reference;
use crate::model::resource::Kind;
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::nearest;
use crate::source::yaml::{Content, Node};

const KNOWN: &[&str] = &[
    "kind",
    "name",
    "previous_names",
    "labels",
    // taken out before, and so no slip of another
    "environments",
    "for_each",
    "enabled",
    "schedule",
    "delegates",
    "audit_delegate_monitor_alerts",
    "triggers",
    "definition",
];

/// Reads a workflow.
pub fn read(node: &Node, notes: &mut Notes, scope: &Scope<'_>) -> Option<Monitor> {
    let report = scope.report;
    let fields = Fields::of(node, "a workflow", KNOWN, report)?;
    notes.labels = labels(&fields);
    previous_names(&fields, None, notes);
    let Some(inner) = fields.get("definition") else { return friendly(&fields, notes, report) };
    let workflow = definition::read(Kind::Workflow, &fields, inner, notes, report)?;
    let delegates: Vec<&Delegate> = workflow.inputs.iter().flat_map(Input::delegates).collect();
    report.errors(flaws_of_delegates(&delegates, notes));
    // the server stores any condition, and so it may be there already
    report.warnings(flaws_of_conditions(&workflow.triggers, &delegates, notes));
    Some(workflow)
}

fn friendly(fields: &Fields<'_>, notes: &mut Notes, report: &Report) -> Option<Monitor> {
    let name = name(fields, "checkout-outage");
    let enabled = fields.flag("enabled");
    let schedule = schedule::of(fields, notes, report);
    if let Some(node) = fields.need("delegates", "add the names of monitors: `delegates: [errors, latency]`")
    {
        notes.places.note(Part::Input, &node.place);
    }
    let delegates: Vec<_> = fields
        .items("delegates")
        .iter()
        .enumerate()
        .map(|(index, node)| {
            notes.places.note(Part::delegate(index), &node.place);
            delegate(node, notes, report)
        })
        .collect();
    let delegates: Option<Vec<Delegate>> = delegates.into_iter().collect();
    let triggers = trigger::all(fields, |_| TriggerForm::Chained, notes, report);
    let mut other = BTreeMap::new();
    if fields.flag(AUDIT) == Some(false) {
        other.insert(AUDIT.to_owned(), Json::of(&false.into()));
    }
    fields.get("delegates")?;
    let delegates = delegates?;
    let read: Vec<&Delegate> = delegates.iter().collect();
    report.errors(flaws_of_delegates(&read, notes));
    let triggers = triggers?;
    report.errors(flaws_of_conditions(&triggers, &read, notes));
    Some(Monitor {
        name: name?,
        monitor_type: MonitorType::composite(),
        enabled: enabled.unwrap_or(true),
        schedule: schedule?,
        inputs: vec![Input::Composite(delegates)],
        triggers,
        other,
    })
}

/// Whether the alerts of the monitors themselves are kept for the record and tell nobody; servers do when nothing is
/// said.
pub const AUDIT: &str = "audit_delegate_monitor_alerts";

fn delegate(node: &Node, notes: &mut Notes, report: &Report) -> Option<Delegate> {
    let is_mapping = matches!(node.content, Content::Mapping(_));
    if !is_mapping || node.get("id").is_some() {
        let monitor = reference::read(node, "delegates", Kind::Monitor, notes, report)?;
        return Some(Delegate { monitor, findings: Vec::new() });
    }
    let fields = Fields::of(node, "a delegate", &["monitor", FINDINGS], report)?;
    let monitor = fields.need("monitor", "add the name of a monitor: `monitor: errors`");
    let monitor = monitor.and_then(|node| reference::read(node, "monitor", Kind::Monitor, notes, report));
    let findings: Vec<_> = fields
        .items(FINDINGS)
        .iter()
        .map(|node| reference::read(node, FINDINGS, Kind::Monitor, notes, report))
        .collect();
    Some(Delegate { monitor: monitor?, findings: findings.into_iter().collect::<Option<_>>()? })
}

/// What the server would refuse of the monitors that a workflow runs.
fn flaws_of_delegates(delegates: &[&Delegate], notes: &Notes) -> Vec<Finding> {
    let flaw =
        |part: Part, message: String, hint: &str| Finding::at(&notes.places.of(part), message).hint(hint);
    let mut flaws = Vec::new();
    if delegates.is_empty() {
        flaws.push(flaw(Part::Input, "a workflow that runs no monitor".to_owned(), "name at least one"));
    }
    for (index, Delegate { monitor, findings }) in delegates.iter().enumerate() {
        let before = &delegates[..index];
        let name = monitor.as_str();
        if runs(before, monitor) {
            let message = format!("`{name}` is among the delegates twice");
            flaws.push(flaw(Part::delegate(index), message, "a workflow runs a monitor once"));
        }
        for finding in findings.iter().filter(|finding| !runs(before, finding)) {
            let message =
                format!("`{name}` looks at findings of `{}`, which does not run before it", finding.as_str());
            let hint = "put that monitor before it among the delegates";
            flaws.push(flaw(Part::delegate(index), message, hint));
        }
    }
    flaws
}

/// What the server would store of conditions and never heed.
fn flaws_of_conditions(triggers: &[Trigger], delegates: &[&Delegate], notes: &Notes) -> Vec<Finding> {
    let mut flaws = Vec::new();
    for (index, trigger) in triggers.iter().enumerate() {
        let Some(source) = trigger.chained_condition() else { continue };
        let place = notes.places.of(Part::condition(index));
        let pieces = chained::pieces(&source);
        if let Some(problem) = chained::problem(&pieces) {
            let message = format!("no server understands this condition: {problem}");
            let hint = "such as `monitor[name=errors] && !monitor[name=deploys]`, with `||` and parentheses";
            flaws.push(Finding::at(&place, message).hint(hint));
        }
        for piece in &pieces {
            if let Piece::Monitor(monitor) = piece
                && !runs(delegates, monitor)
            {
                let name = monitor.as_str();
                let finding = Finding::at(&place, format!("the workflow does not run `{name}`"));
                flaws.push(finding.hint(one_that_runs(name, delegates)));
            }
        }
    }
    flaws
}

/// What may be meant by the name of a monitor that is not run.
fn one_that_runs(name: &str, delegates: &[&Delegate]) -> String {
    let bare = name.trim_matches('\'');
    if bare.len() < name.len() {
        return format!("a name stands in double quotes or in none: `monitor[name={bare}]`");
    }
    match nearest(name, delegates.iter().map(|delegate| delegate.monitor.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name one of its delegates".to_owned(),
    }
}

/// Whether a monitor is among some; in a `definition` one may be meant by its name and by its id.
fn runs(delegates: &[&Delegate], one: &Reference) -> bool {
    delegates.iter().any(|delegate| delegate.monitor.as_str() == one.as_str())
}
