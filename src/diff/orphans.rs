//! What is the project's and no longer declared: kept and named, or pruned when someone says so.

use super::destinations::Index;
use super::sightings::{self, Sightings};
use crate::api::live::{Destinations, LiveDestination, LiveResource};
use crate::owner::{self, Owner};
use crate::plan::{Change, Delete, Orphan, Plan, Stay};
use crate::source::declared::Declared;

/// What becomes of what is the project's and no longer declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orphans {
    /// It stays, and is named.
    Keep,
    /// It is deleted.
    Prune,
}

/// Plans what becomes of the orphans; all that is declared must be planned already.
pub fn plan(
    plan: &mut Plan,
    declared: &Declared,
    live: &Destinations,
    index: &Index<'_>,
    seen: Sightings<'_>,
    orphans: Orphans,
) {
    let Sightings { orphans: monitors, mut told, claims, found: _, namesakes: _, latest: _, unreadable: _ } =
        seen;
    told.extend(declared.monitors().flat_map(sightings::told_by_id));
    let destinations: Vec<&LiveDestination> = live
        .live
        .iter()
        .filter(|live| !index.is_declared(live))
        .filter(|live| owner::of_destination(live, &plan.project, &claims) == Owner::Ours)
        .collect();
    // monitors first, since they tell destinations
    let destinations = destinations.into_iter().cloned().map(LiveResource::Destination);
    let monitors = monitors.into_values().map(|mut live| {
        live.monitor = plan.directory.with_names(live.monitor);
        LiveResource::Monitor(live)
    });
    for before in monitors.collect::<Vec<_>>().into_iter().chain(destinations) {
        let reason = match (orphans, told.remove(before.id())) {
            (Orphans::Keep, _) => Stay::Unasked,
            (Orphans::Prune, Some(teller)) => Stay::Told(teller),
            (Orphans::Prune, None) => {
                plan.changes.push(Change::Delete(Box::new(Delete { before })));
                continue;
            }
        };
        plan.orphans.push(Orphan { key: before.key(), id: before.id().to_owned(), reason });
    }
}
