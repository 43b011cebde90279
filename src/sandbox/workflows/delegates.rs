//! Whether the delegates of a workflow are there, and fit what is chained to them.

use serde_json::Value;

use super::super::fault::Fault;
use super::super::index::Document;
use super::super::indices;
use super::super::line_differences::{casts, monitors as lines, workflows};
use super::super::refusal::Refusal;
use super::super::state::State;
use super::input::Delegate;
use super::workflow::Workflow;

/// A delegate as it was found.
type Found<'a> = (&'a str, &'a Value);

/// Refuses delegates that are not there, that have no findings to give, or whose indices are gone.
pub fn check(state: &State, workflow: &Workflow) -> Result<(), Refusal> {
    if !state.config.exists {
        return Err(Refusal::exception(404, "status_exception", "Monitors not found"));
    }
    let delegates = workflow.delegates();
    let found = find(state, delegates)?;
    if found.is_empty() {
        let ids = joined(delegates.iter().map(|delegate| delegate.monitor.as_str()));
        return Err(unreadable(state, "monitors", &ids));
    }
    let missing = |delegate: &&Delegate| found.iter().all(|(id, _)| *id != delegate.monitor);
    let missing = joined(delegates.iter().filter(missing).map(|delegate| delegate.monitor.as_str()));
    if !missing.is_empty() {
        return Err(Fault::illegal_argument(format!("{missing} are not valid monitor ids")).wrapped());
    }
    for delegate in delegates {
        check_findings(delegate, &found).map_err(Fault::wrapped)?;
    }
    check_indices(state, &found)
}

/// Finds delegates by their ids. A workflow is found as well, and is not expected.
fn find<'a>(state: &'a State, delegates: &[Delegate]) -> Result<Vec<Found<'a>>, Fault> {
    let named = |id: &str| delegates.iter().any(|delegate| delegate.monitor == id);
    let mut documents = state.config.searchable(state.now());
    documents.retain(|(id, _)| named(id));
    let monitor = |(id, document): (&'a str, &'a Document)| {
        let monitor = document.body.get("monitor").ok_or_else(|| casts::workflow_for_monitor(state.line))?;
        Ok((id, monitor))
    };
    workflows::first_ten(state.line, documents).into_iter().map(monitor).collect()
}

/// Refuses findings of who has none, and findings in indices that the delegate does not search.
fn check_findings(delegate: &Delegate, found: &[Found]) -> Result<(), Fault> {
    let monitor = |wanted: &str| found.iter().find(|(id, _)| *id == wanted).map(|(_, monitor)| *monitor);
    let sources = delegate.findings.iter().flat_map(|findings| findings.sources());
    for (source, receiver) in sources.filter_map(|id| Some((monitor(id)?, monitor(&delegate.monitor)?))) {
        if kind(source) == "query_level_monitor" {
            return Err(Fault::illegal_argument("Query level monitor can't be part of chained findings"));
        }
        let (given, searched) = (chained_indices(source), chained_indices(receiver));
        if given.iter().any(|index| !searched.contains(index)) {
            let (searched, given) = (joined(searched), joined(given));
            // the brace too many is the server's
            return Err(Fault::illegal_argument(format!(
                "Delegate monitor indices {searched} doesn't query all of chained findings monitor's indices {given}}}"
            )));
        }
    }
    Ok(())
}

/// The indices that count for findings: a type that has none to give searches nowhere.
fn chained_indices(monitor: &Value) -> Vec<&str> {
    let has_findings = ["doc_level_monitor", "bucket_level_monitor", "query_level_monitor"];
    if has_findings.contains(&kind(monitor).as_str()) { searched(monitor) } else { Vec::new() }
}

/// The type of a monitor; the servers do not mind how it is capitalised.
fn kind(monitor: &Value) -> String {
    monitor.get("monitor_type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
}

/// The indices that a monitor searches.
fn searched(monitor: &Value) -> Vec<&str> {
    let inputs = monitor.get("inputs").and_then(Value::as_array).into_iter().flatten();
    let listed = inputs.filter_map(|input| {
        let input = input.get("search").or_else(|| input.get("doc_level_input"))?;
        input.get("indices")?.as_array()
    });
    listed.flatten().filter_map(Value::as_str).collect()
}

/// Refuses indices that were there when the monitors were written, and are no more.
fn check_indices(state: &State, found: &[Found]) -> Result<(), Refusal> {
    let names: Vec<&str> = found.iter().flat_map(|(_, monitor)| searched(monitor)).collect();
    if names.iter().all(|name| indices::is_pattern(name) || indices::exists(state, name)) {
        return Ok(());
    }
    Err(unreadable(state, "index", &joined(names)))
}

/// The refusal of what cannot be found, for which the servers blame the user.
fn unreadable(state: &State, what: &str, names: &str) -> Refusal {
    let reason = format!("User doesn't have read permissions for one or more configured {what} {names}");
    lines::status_refusal(state.line, 403, &reason)
}

fn joined<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}
