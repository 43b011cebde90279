//! Former names: what is renamed in a file keeps its id, and with it its alerts, acknowledgements, throttles and findings.

use serde_json::Value;

use super::json::Json;
use super::monitor::{Input, Monitor};
use super::name::Name;
use super::part::Part;

/// The former names of a resource and of its triggers, actions and queries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Previous(Vec<(Option<Part>, Name)>);

impl Previous {
    /// Takes down a former name of a part, or of the resource itself.
    pub fn note(&mut self, part: Option<Part>, name: Name) {
        self.0.push((part, name));
    }

    /// The former names of the resource.
    pub fn of_resource(&self) -> impl Iterator<Item = &Name> {
        self.of(None)
    }

    /// All names that a monitor and its triggers have or, by these former ones, had; none where nothing was renamed.
    #[must_use]
    pub fn with_names_of(&self, monitor: &Monitor) -> Previous {
        let mut names = self.clone();
        if !self.0.is_empty() {
            names.note(None, monitor.name.clone());
            for (i, trigger) in monitor.triggers.iter().enumerate() {
                names.note(Some(Part::trigger(i)), trigger.name.clone());
            }
        }
        names
    }

    /// The former names of triggers, whichever.
    pub fn of_triggers(&self) -> impl Iterator<Item = &Name> {
        self.0.iter().filter(|(part, _)| matches!(part, Some(Part::Trigger(_)))).map(|(_, name)| name)
    }

    /// Whether a part was once called so.
    fn has(&self, part: Part, name: &Name) -> bool {
        self.of(Some(part)).any(|former| former == name)
    }

    fn of(&self, part: Option<Part>) -> impl Iterator<Item = &Name> {
        self.0.iter().filter(move |(other, _)| *other == part).map(|(_, name)| name)
    }

    /// The monitor as it was, with those of its triggers, actions and queries renamed that `after`, whose former names these
    /// are, calls otherwise now.
    #[must_use]
    pub fn renamed(&self, before: &Monitor, after: &Monitor) -> Monitor {
        let mut renamed = before.clone();
        if self.0.is_empty() {
            return renamed;
        }
        self.rename_queries(&mut renamed, after);
        for (i, trigger) in after.triggers.iter().enumerate() {
            let is_declared = |name: &Name| after.triggers.iter().any(|other| other.name == *name);
            let is_former = |name: &Name| self.has(Part::trigger(i), name);
            let names: Vec<Name> = renamed.triggers.iter().map(|trigger| trigger.name.clone()).collect();
            let Some(index) = find(&names, &trigger.name, is_declared, is_former) else { continue };
            let found = &mut renamed.triggers[index];
            found.name.clone_from(&trigger.name);
            for (j, action) in trigger.actions.iter().enumerate() {
                let is_declared = |name: &Name| trigger.actions.iter().any(|other| other.name == *name);
                let is_former = |name: &Name| self.has(Part::action(i, j), name);
                let names: Vec<Name> = found.actions.iter().map(|action| action.name.clone()).collect();
                if let Some(index) = find(&names, &action.name, is_declared, is_former) {
                    found.actions[index].name.clone_from(&action.name);
                }
            }
        }
        renamed
    }

    fn rename_queries(&self, before: &mut Monitor, after: &Monitor) {
        let declared = query_names(after);
        let mut names = query_names(before);
        let is_declared = |name: &Name| declared.contains(name);
        for (i, name) in declared.iter().enumerate() {
            if let Some(index) = find(&names, name, is_declared, |former| self.has(Part::query(i), former)) {
                names[index].clone_from(name);
            }
        }
        for input in &mut before.inputs {
            let Input::Other(other) = input else { continue };
            let mut value = other.value();
            let queries = value.pointer_mut(QUERIES).and_then(Value::as_array_mut);
            for (query, name) in queries.into_iter().flatten().zip(&names) {
                query["name"] = name.as_str().into();
            }
            *other = Json::sorted(value);
        }
    }
}

/// Where the queries of a document-level monitor stand in its input.
const QUERIES: &str = "/doc_level_input/queries";

fn query_names(monitor: &Monitor) -> Vec<Name> {
    let mut names = Vec::new();
    for input in &monitor.inputs {
        let Input::Other(other) = input else { continue };
        let value = other.value();
        let queries = value.pointer(QUERIES).and_then(Value::as_array);
        let name = |query: &Value| Name::new(query["name"].as_str().unwrap_or_default());
        names.extend(queries.into_iter().flatten().map(name));
    }
    names
}

/// The place of the one with this name, or of the first with a former one that nothing else bears now.
fn find(
    names: &[Name],
    name: &Name,
    is_declared: impl Fn(&Name) -> bool,
    is_former: impl Fn(&Name) -> bool,
) -> Option<usize> {
    let by_name = names.iter().position(|other| other == name);
    by_name.or_else(|| names.iter().position(|other| is_former(other) && !is_declared(other)))
}
