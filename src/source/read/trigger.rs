//! Triggers in the friendly form, those of query-level monitors.

use serde_json::json;

use super::action;
use super::names;
use super::resource::{Notes, previous_names};
use crate::model::json::Json;
use crate::model::monitor::{Trigger, TriggerKind};
use crate::model::name::Name;
use crate::model::part::Part;
use crate::source::fields::{Fields, scalar_text};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::yaml::{Content, Node};

const KNOWN: &[&str] = &["name", "previous_names", "severity", "condition", "actions"];

/// What a trigger has when nothing is said: the highest, as in Dashboards.
pub const DEFAULT_SEVERITY: &str = "1";

/// Reads the trigger at `index`.
pub fn read(node: &Node, index: usize, notes: &mut Notes, report: &Report) -> Option<Trigger> {
    notes.places.note(Part::trigger(index), &node.place);
    let fields = Fields::of(node, "a trigger", KNOWN, report)?;
    let name = fields.need_text("name", "add one: `name: too-many-errors`");
    previous_names(&fields, Some(Part::trigger(index)), notes);
    let severity = severity(&fields, report);
    let hint = "add a Painless expression: `condition: ctx.results[0].hits.total.value > 0`";
    let condition = fields.need_text("condition", hint);
    if let Some(node) = fields.get("condition") {
        notes.places.note(Part::condition(index), &node.place);
    }
    report.errors(names::flaws("action", names::of(fields.items("actions"))));
    let actions: Vec<_> = fields
        .items("actions")
        .iter()
        .enumerate()
        .map(|(action, node)| action::read(node, (index, action), notes, report))
        .collect();
    Some(Trigger {
        name: Name::new(name?),
        severity: severity?,
        kind: TriggerKind::query_level(),
        body: Json::of(&json!({"condition": {"script": {"source": condition?}}})),
        actions: actions.into_iter().collect::<Option<_>>()?,
    })
}

fn severity(fields: &Fields<'_>, report: &Report) -> Option<String> {
    let Some(node) = fields.get("severity") else {
        return Some(DEFAULT_SEVERITY.to_owned());
    };
    let is_scalar = matches!(node.content, Content::Number(_) | Content::Text(_));
    let severity = scalar_text(node).filter(|text| is_scalar && is_severity(text));
    if severity.is_none() {
        let message = format!("expected a number from 1 to 5 for `severity`, found {}", node.describe());
        report.error(Finding::at(&node.place, message).hint("1 is the highest, 5 the lowest"));
    }
    severity
}

/// Whether the friendly form has a word for a severity.
pub fn is_severity(text: &str) -> bool {
    matches!(text, "1" | "2" | "3" | "4" | "5")
}
