//! Which workflows use a monitor.

use serde_json::Value;

use super::super::state::State;

/// How many the servers look at: they ask for no size, and get ten.
const SEEN: usize = 10;

/// A workflow that uses a monitor.
#[derive(Clone, Copy, Debug)]
pub struct Usage<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    workflow: &'a Value,
}

/// Gives the workflows that run a monitor.
pub fn of<'a>(state: &'a State, monitor: &str) -> Vec<Usage<'a>> {
    seen(state, |usage| usage.monitors().contains(&monitor))
}

/// Gives the workflows, but for this one, that run any of its delegates.
pub fn shared<'a>(state: &'a State, workflow: &str, delegates: &[&str]) -> Vec<Usage<'a>> {
    let runs_any = |usage: &Usage| usage.monitors().iter().any(|monitor| delegates.contains(monitor));
    seen(state, |usage| usage.id != workflow && runs_any(usage))
}

fn seen(state: &State, wanted: impl Fn(&Usage) -> bool) -> Vec<Usage<'_>> {
    let documents = state.config.searchable(state.now()).into_iter();
    let workflows = documents.filter_map(|(id, document)| {
        let workflow = document.body.get("workflow")?;
        let name = workflow.get("name").and_then(Value::as_str).unwrap_or_default();
        Some(Usage { id, name, workflow })
    });
    workflows.filter(wanted).take(SEEN).collect()
}

impl<'a> Usage<'a> {
    /// Gives the monitors that it runs.
    pub fn monitors(&self) -> Vec<&'a str> {
        delegates(self.workflow)
    }
}

/// Gives the monitors that a stored workflow runs.
pub fn delegates(workflow: &Value) -> Vec<&str> {
    let path = "/inputs/0/composite_input/sequence/delegates";
    let delegates = workflow.pointer(path).and_then(Value::as_array).into_iter().flatten();
    delegates.filter_map(|delegate| delegate.get("monitor_id")?.as_str()).collect()
}
