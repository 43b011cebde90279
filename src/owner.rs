//! Whose a live resource is: said by our mark, by an id that we chose, or by nothing; never by a guess.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::live::{LiveDestination, LiveMonitor};
use crate::api::wire::config_id;
use crate::model::previous::Previous;

/// Whose a live resource is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The project's: it bears our mark.
    Ours,
    /// No project's: it was made by hand or by another tool.
    Nobody,
    /// Another project's, by its mark.
    Project(String),
}

/// The ids of destinations that are the project's by the marks of its monitors.
pub type Witnesses = BTreeSet<String>;

/// The projects whose monitors' marks name a destination, by its id.
pub type Claims = BTreeMap<String, BTreeSet<String>>;

/// Whose a monitor is: by the mark, or, when Dashboards rebuilt `ui_metadata`, by the ids that we minted from the names
/// that it has or, by `names`, had.
pub fn of_monitor(live: &LiveMonitor, project: &str, names: &Previous) -> Owner {
    match &live.mark {
        Some(mark) if mark.project == project => Owner::Ours,
        Some(mark) => Owner::Project(mark.project.clone()),
        None if live.ids.witness(project, &live.monitor, names) => Owner::Ours,
        None => Owner::Nobody,
    }
}

/// Whose a destination is: by what the marks of monitors say, or by the `config_id` that was chosen for it.
pub fn of_destination(live: &LiveDestination, project: &str, claims: &Claims) -> Owner {
    let mut projects = config_id::project_of(&live.id)
        .into_iter()
        .chain(claims.get(&live.id).into_iter().flatten().map(String::as_str));
    if projects.clone().any(|other| other == project) {
        return Owner::Ours;
    }
    projects.next().map_or(Owner::Nobody, |other| Owner::Project(other.to_owned()))
}

/// Whether the id of a destination itself says that it is the project's.
pub fn bears_sign(id: &str, project: &str) -> bool {
    config_id::project_of(id) == Some(project)
}
