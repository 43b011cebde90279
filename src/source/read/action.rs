//! Actions in the friendly form.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::reference;
use super::resource::{Notes, previous_names};
use crate::model::json::Json;
use crate::model::monitor::{Action, Throttle};
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::resource::Kind;
use crate::source::duration;
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::suggestion;
use crate::source::yaml::{Content, Node};

const KNOWN: &[&str] = &[
    "name",
    "previous_names",
    "environments",
    "destination",
    "subject",
    "message",
    "throttle",
    "action_execution_scope",
];

/// The longest throttle, in minutes, of a server with its own settings.
pub const MOST_THROTTLE: u32 = 24 * 60;

/// Reads an action; it is known by the index of its trigger and its own.
pub fn read(
    node: &Node,
    (trigger, index): (usize, usize),
    notes: &mut Notes,
    report: &Report,
) -> Option<Action> {
    notes.places.note(Part::action(trigger, index), &node.place);
    let fields = Fields::of(node, "an action", KNOWN, report)?;
    let name = fields.need_text("name", "add one: `name: notify`");
    previous_names(&fields, Some(Part::action(trigger, index)), notes);
    let destination = fields.need("destination", "add the name of a destination: `destination: ops-slack`");
    if let Some(node) = destination {
        notes.places.note(Part::destination(trigger, index), &node.place);
    }
    let destination =
        destination.and_then(|node| reference::read(node, "destination", Kind::Destination, notes, report));
    let subject = fields.text("subject").map(str::to_owned);
    let message = fields
        .need("message", "add a Mustache template: `message: \"{{ctx.monitor.name}} fires\"`")
        .and_then(|_| fields.text("message"));
    let throttle = match fields.get("throttle") {
        None => Some(None),
        Some(node) => throttle(node, report).map(Some),
    };
    let other = match fields.get("action_execution_scope") {
        None => Some(BTreeMap::new()),
        Some(node) => scope(node, &fields, report).map(|scope| policy(&scope)),
    };
    let is_per_execution =
        fields.get("action_execution_scope").and_then(Node::as_text) == Some("per_execution");
    if is_per_execution && fields.get("throttle").is_some() {
        let message = "`throttle` and `action_execution_scope: per_execution` exclude each other";
        fields.refuse("throttle", message, "servers throttle what is told of each alert alone");
    }
    Some(Action {
        name: Name::new(name?),
        destination: destination?,
        subject,
        message: message?.to_owned(),
        throttle: throttle?,
        other: other?,
    })
}

/// What tells of alerts one by one, and of which.
pub const CATEGORIES: [&str; 3] = ["DEDUPED", "NEW", "COMPLETED"];

/// Reads `per_execution`, or `per_alert` with the categories of alerts that are told of.
fn scope(node: &Node, fields: &Fields<'_>, report: &Report) -> Option<Value> {
    if node.as_text() == Some("per_execution") {
        return Some(json!({"per_execution": {}}));
    }
    if !matches!(node.content, Content::Mapping(_)) {
        let wanted = "`per_execution`, or `{per_alert: [NEW, DEDUPED, COMPLETED]}`";
        fields.expected(node, "action_execution_scope", wanted);
        return None;
    }
    let inner = Fields::of(node, "`action_execution_scope`", &["per_alert"], report)?;
    let listed = inner.need("per_alert", "name the categories: `per_alert: [NEW, DEDUPED]`")?;
    let categories = inner.texts("per_alert")?;
    if let Some(other) = categories.iter().find(|category| !CATEGORIES.contains(&category.as_str())) {
        let is_filled = listed.is_filled || listed.items().iter().any(|item| item.is_filled);
        let shown = if is_filled { "that was filled in".to_owned() } else { format!("`{other}`") };
        let message = format!("no alert is of the category {shown}");
        report.error(Finding::at(&listed.place, message).hint(suggestion(other, &CATEGORIES)));
        return None;
    }
    let categories: BTreeSet<String> = categories.into_iter().collect();
    Some(json!({"per_alert": {"actionable_alerts": categories}}))
}

/// What an action has beside its own fields when its scope is said.
pub fn policy(scope: &Value) -> BTreeMap<String, Json> {
    let policy = json!({"action_execution_scope": scope});
    BTreeMap::from([("action_execution_policy".to_owned(), Json::sorted(policy))])
}

fn throttle(node: &Node, report: &Report) -> Option<Throttle> {
    let seconds = node.as_text().and_then(duration::parse).map(duration::seconds);
    let minutes = seconds
        .filter(|seconds| seconds % 60 == 0)
        .and_then(|seconds| u32::try_from(seconds / 60).ok())
        .filter(|minutes| (1..=MOST_THROTTLE).contains(minutes));
    if minutes.is_none() {
        let message =
            format!("expected whole minutes from `1m` to `24h` for `throttle`, found {}", node.describe());
        report.error(Finding::at(&node.place, message).hint("such as `30m`; the server refuses any other"));
    }
    Some(Throttle { minutes: minutes?, enabled: true })
}
