//! What is made and seems to be something that goes by another name.

use super::{Change, Plan};
use crate::model::resource::{Key, Kind};
use crate::source::finding::Finding;
use crate::source::print::print_previous_names;

impl Plan {
    /// Warns of what is made while something goes that has all that a person would know it by: its id and its alerts would
    /// be lost.
    pub fn warn_of_what_is_alike(&mut self) {
        let creates = self.changes.iter().filter(|change| matches!(change, Change::Create(_)));
        let warning = |change: &Change| {
            let key = change.key();
            let former = self.alike.get(&key)?;
            Some(seems_renamed(change, &key, former))
        };
        let warnings: Vec<Finding> = creates.filter_map(warning).collect();
        self.warnings.extend(warnings);
    }
}

fn seems_renamed(change: &Change, key: &Key, former: &Key) -> Finding {
    let (what, keeps) = match key.kind {
        Kind::Monitor => ("the search and the triggers", "its id and its alerts"),
        Kind::Workflow => ("the monitors and the triggers", "its id and its alerts"),
        Kind::Destination | Kind::EmailAccount | Kind::EmailGroup => ("the content", "its id"),
    };
    let message = format!("{key} is new, and has {what} of {former}, which is no longer declared");
    let renamed = print_previous_names(former.name.as_str());
    change.finding(message).hint(format!("if it was renamed, `{renamed}` says so, and keeps {keeps}"))
}
