//! Findings of one monitor that another of a workflow looks at: which have some, and who can look at them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::declared::Declaration;
use super::finding::Finding;
use crate::model::monitor::{Delegate, Input, Monitor};
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::reference::Reference;
use crate::model::resource::{Kind, Resource};

/// What a server refuses of workflows that are not there yet, and ignores once they are.
pub fn flaws(resources: &[Arc<Declaration>]) -> Vec<Finding> {
    let monitors = resources.iter().filter_map(|declaration| match &declaration.resource {
        Resource::Monitor(monitor) => Some((declaration, monitor)),
        Resource::Destination(_) => None,
    });
    let (workflows, monitors): (Vec<_>, Vec<_>) =
        monitors.partition(|(_, monitor)| monitor.kind() == Kind::Workflow);
    let monitors: BTreeMap<&Name, &Monitor> =
        monitors.into_iter().map(|(_, monitor)| (&monitor.name, monitor)).collect();
    let mut flaws = Vec::new();
    for (declaration, workflow) in workflows {
        for (index, delegate) in workflow.inputs.iter().flat_map(Input::delegates).enumerate() {
            let part = Some(Part::delegate(index));
            let said = flaws_of(delegate, &monitors).into_iter();
            flaws.extend(said.map(|(message, hint)| declaration.finding(part, message).hint(hint)));
        }
    }
    flaws
}

fn flaws_of(delegate: &Delegate, monitors: &BTreeMap<&Name, &Monitor>) -> Vec<(String, &'static str)> {
    let Some(looking) = declared(&delegate.monitor, monitors) else { return Vec::new() };
    let mut flaws = Vec::new();
    for source in delegate.findings.iter().filter_map(|source| declared(source, monitors)) {
        let (name, source_name) = (&looking.name, &source.name);
        let searched = indices(looking);
        if source.monitor_type.is_query_level() {
            let message = format!("`{name}` looks at findings of `{source_name}`, which is query-level");
            flaws.push((message, "servers refuse it: a query-level monitor has no findings"));
        } else if let Some(index) = indices(source).into_iter().find(|index| !searched.contains(index)) {
            let message = format!(
                "`{name}` looks at findings of `{source_name}` in `{index}`, which it does not search"
            );
            flaws.push((message, "list that index there too, by the same name: servers want all of them"));
        }
    }
    flaws
}

fn declared<'a>(reference: &Reference, monitors: &BTreeMap<&Name, &'a Monitor>) -> Option<&'a Monitor> {
    match reference {
        Reference::Name(name) => monitors.get(name).copied(),
        Reference::Id(_) => None,
    }
}

/// The indices in which a monitor has findings.
fn indices(monitor: &Monitor) -> Vec<String> {
    let Some(input) = monitor.inputs.first() else { return Vec::new() };
    match input {
        Input::Search { indices, body: _ } => indices.clone(),
        Input::Other(input) => {
            let input = input.value();
            let indices = input.pointer("/doc_level_input/indices").and_then(Value::as_array);
            indices.into_iter().flatten().filter_map(|index| index.as_str().map(str::to_owned)).collect()
        }
        Input::Composite(_) => Vec::new(),
    }
}
