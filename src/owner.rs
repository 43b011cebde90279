//! Whose a live resource is: said by our mark, by the id that we chose, or by nothing; never by a guess.

use std::collections::BTreeMap;

use crate::api::live::{LiveDestination, LiveMonitor};
use crate::api::wire::mark;
use crate::model::name::Name;

/// Whose a live resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The project's: it bears our mark.
    Ours,
    /// No project's: it was made by hand or by another tool.
    Nobody,
    /// Another project's, by its mark.
    Project(String),
}

/// Whose a monitor is: by the mark, or, when Dashboards rebuilt `ui_metadata`, by the ids that we minted.
pub fn of_monitor(live: &LiveMonitor, project: &str) -> Owner {
    match &live.mark {
        Some(mark) if mark.project == project => Owner::Ours,
        Some(mark) => Owner::Project(mark.project.clone()),
        None if live.ids.witness(project, &live.monitor) => Owner::Ours,
        None => Owner::Nobody,
    }
}

/// Whose the destination `name` is: by its chosen `config_id`, or by what the marks of monitors say.
pub fn of_destination(live: &LiveDestination, name: &Name, project: &str, witnesses: &Witnesses) -> Owner {
    let is_witnessed = witnesses.get(name).is_some_and(|id| *id == live.id);
    if is_witnessed || live.id == mark::config_id(project, name) { Owner::Ours } else { Owner::Nobody }
}

/// The destinations that the marks of the project's monitors say are the project's, with their ids.
pub type Witnesses = BTreeMap<Name, String>;
