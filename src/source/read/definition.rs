//! `definition`: a monitor or a workflow as the API spells it, for whatever the friendly form cannot say.

use serde_json::Value;

use super::resource::{Notes, Told};
use super::{checks, pasted, schedule};
use crate::api::wire;
use crate::api::wire::flaw::Flaw;
use crate::model::chained::{self, Piece};
use crate::model::monitor::{Input, Monitor, Trigger};
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::reference::Reference;
use crate::model::resource::{Key, Kind};
use crate::source::fields::{Fields, expected_definition, scalar_text, texts};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::suggestion;
use crate::source::yaml::Node;

/// The keys that may stand beside `definition`.
const BESIDE: [&str; 6] = ["kind", "name", "previous_names", "labels", "protected", "definition"];

/// Reads the monitor or workflow under `definition`.
pub fn read(
    kind: Kind,
    fields: &Fields<'_>,
    node: &Node,
    notes: &mut Notes,
    report: &Report,
) -> Option<Monitor> {
    for key in fields.keys().filter(|key| !BESIDE.contains(key)) {
        let message = format!("`{key}` and `definition` exclude each other");
        fields.refuse(key, message, "say it inside `definition`, in the API's words");
    }
    let mut document = node.json();
    let Value::Object(map) = &mut document else {
        expected_definition(node, report);
        return None;
    };
    pasted::check(node, &["schedule"], report)?;
    if fields.get("name").is_some() || !map.contains_key("name") {
        let name = super::resource::name(fields, "checkout-errors")?;
        let inner = map.insert("name".into(), name.as_str().into());
        check_names(inner.as_ref(), &name, node, report);
    }
    take_previous_names(&mut document, node, notes, report);
    let decoded = match wire::monitor::decode(kind, &document) {
        Ok(decoded) => decoded,
        Err(flaws) => {
            report.errors(flaws.into_iter().map(|flaw| finding(flaw, node)).collect());
            return None;
        }
    };
    checks::warn_of_dropped(node, &decoded.dropped, report);
    let mut monitor = decoded.monitor;
    if monitor.name.as_str().trim().is_empty() {
        report.error(Finding::at(&node.nearest("/name").place, "`name` is empty"));
        return None;
    }
    let cron = |key: &str| node.nearest(&format!("/schedule/cron/{key}"));
    monitor.schedule = schedule::check(monitor.schedule, (cron("expression"), cron("timezone")), report)?;
    note(node, &monitor, notes);
    checks::check(node, &monitor, notes, report);
    Some(monitor)
}

/// Takes the former names out of triggers, actions and queries: they are ours, and no server's.
fn take_previous_names(document: &mut Value, node: &Node, notes: &mut Notes, report: &Report) {
    let mut take = |value: &mut Value, pointer: &str, part: Part| {
        if value.as_object_mut().and_then(|fields| fields.shift_remove(PREVIOUS_NAMES)).is_some() {
            let node = node.nearest(&format!("{pointer}/{PREVIOUS_NAMES}"));
            for name in texts(node, PREVIOUS_NAMES, report).into_iter().flatten() {
                notes.previous.note(Some(part), Name::new(name));
            }
        }
    };
    each(document, "/inputs/0/doc_level_input/queries", &mut |index, query, pointer| {
        take(query, pointer, Part::query(index));
    });
    each(document, "/triggers", &mut |index, outer, pointer| {
        let wrapper = outer.as_object().and_then(wire::trigger::wrapper).map(str::to_owned);
        let (trigger, pointer) = match wrapper {
            Some(key) => (&mut outer[&key], format!("{pointer}/{key}")),
            None => (outer, pointer.to_owned()),
        };
        take(trigger, &pointer, Part::trigger(index));
        each(trigger, "/actions", &mut |action, value, inner| {
            take(value, &format!("{pointer}{inner}"), Part::action(index, action));
        });
    });
}

/// Gives each item of the list at `pointer`, with its index and its own pointer.
fn each(value: &mut Value, pointer: &str, on_item: &mut dyn FnMut(usize, &mut Value, &str)) {
    let items = value.pointer_mut(pointer).and_then(Value::as_array_mut);
    for (index, item) in items.into_iter().flatten().enumerate() {
        on_item(index, item, &format!("{pointer}/{index}"));
    }
}

const PREVIOUS_NAMES: &str = "previous_names";

/// Says what is wrong with a definition, and where.
pub fn finding(flaw: Flaw, definition: &Node) -> Finding {
    let node = definition.nearest(&flaw.pointer);
    let message = match flaw.expected {
        Some(expected) => format!("{expected}, found {}", node.describe()),
        None => flaw.message,
    };
    let finding = Finding::at(&node.place, message);
    match last_key(&flaw.pointer) {
        Some(key) if !flaw.known.is_empty() => finding.hint(suggestion(key, flaw.known)),
        _ => finding,
    }
}

/// The key that a JSON pointer ends with.
pub fn last_key(pointer: &str) -> Option<&str> {
    pointer.rsplit_once('/').map(|(_, key)| key)
}

/// Reports that the document has another name than its definition.
pub fn check_names(inner: Option<&Value>, name: &Name, definition: &Node, report: &Report) {
    if let Some(inner) = inner.and_then(Value::as_str)
        && inner != name.as_str()
    {
        let node = definition.nearest("/name");
        let inner = if node.is_filled { "otherwise".to_owned() } else { format!("`{inner}`") };
        let message = format!("the definition is named {inner}, the document `{name}`");
        report.error(Finding::at(&node.place, message).hint("remove the name from the definition"));
    }
}

/// Takes down where the delegates of a workflow stand, whose order on the wire is that of their numbers, and their names.
/// What looks at findings names some of them.
fn note_delegates(node: &Node, workflow: &Monitor, notes: &mut Notes) {
    let mut left: Vec<&Node> = node.items().iter().collect();
    for (index, delegate) in workflow.inputs.iter().flat_map(Input::delegates).enumerate() {
        let text_of = |node: &Node| {
            let node = node.get("monitor").or_else(|| node.get("monitor_id"));
            node.and_then(scalar_text)
        };
        let is_it = |node: &&Node| text_of(node).as_deref() == Some(delegate.monitor.as_str());
        let Some(found) = left.iter().position(is_it) else { continue };
        let node = left.remove(found);
        notes.places.note(Part::delegate(index), &node.place);
        if let (Reference::Name(name), Some(node)) = (&delegate.monitor, node.get("monitor")) {
            notes.told.push(Told::at(node, Key { kind: Kind::Monitor, name: name.clone() }));
        }
    }
}

/// The monitors that a condition names; they need not be run by the workflow, of which a server takes any condition.
fn told_by_condition(node: &Node, trigger: &Trigger) -> Vec<Told> {
    let Some(source) = trigger.chained_condition() else { return Vec::new() };
    let named = chained::pieces(&source).into_iter().filter_map(|piece| match piece {
        Piece::Monitor(Reference::Name(name)) => Some(Told::at(node, Key { kind: Kind::Monitor, name })),
        Piece::Monitor(Reference::Id(_)) | Piece::Between(_) => None,
    });
    named.collect()
}

/// Takes down where the parts of the model stand, whose triggers may be wrapped on the wire.
fn note(node: &Node, monitor: &Monitor, notes: &mut Notes) {
    note_delegates(node.nearest("/inputs/0/composite_input/sequence/delegates"), monitor, notes);
    let places = &mut notes.places;
    places.note(Part::Schedule, &node.nearest("/schedule").place);
    places.note(Part::Input, &node.nearest("/inputs/0").place);
    for (i, trigger) in monitor.triggers.iter().enumerate() {
        let outer = node.nearest(&format!("/triggers/{i}"));
        let inner = outer.get(trigger.kind.as_str()).unwrap_or(outer);
        places.note(Part::trigger(i), &inner.place);
        places.note(Part::condition(i), &inner.nearest("/condition").place);
        notes.told.extend(told_by_condition(inner.nearest("/condition"), trigger));
        for (j, action) in trigger.actions.iter().enumerate() {
            let node = inner.nearest(&format!("/actions/{j}"));
            places.note(Part::action(i, j), &node.place);
            let destination = node.get("destination").or_else(|| node.get("destination_id")).unwrap_or(node);
            places.note(Part::destination(i, j), &destination.place);
            if let Reference::Name(name) = &action.destination {
                let key = Key { kind: Kind::Destination, name: name.clone() };
                notes.told.push(Told::at(destination, key));
            }
        }
    }
}
