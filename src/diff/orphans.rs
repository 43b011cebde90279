//! What is the project's and no longer declared: kept and named, or pruned when someone says so.

use std::collections::BTreeSet;

use super::sightings::Sightings;
use crate::api::live::{Destinations, LiveResource};
use crate::model::monitor::Reference;
use crate::model::resource::{Key, Kind, Resource};
use crate::owner::{self, Owner, Witnesses};
use crate::plan::{Change, Delete, Plan};
use crate::source::declared::Declared;
use crate::source::finding::Finding;

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
    sightings: Sightings<'_>,
    orphans: Orphans,
) {
    let Sightings { orphans: monitors, told, witnesses, found: _, namesakes: _, unreadable: _ } = sightings;
    let destinations = destinations(plan, declared, live, &witnesses);
    // monitors first, since they tell destinations
    let gone = monitors.into_values().map(LiveResource::Monitor).chain(destinations);
    if orphans == Orphans::Keep {
        plan.orphans.extend(gone.map(|gone| gone.key()));
        return;
    }
    for before in gone {
        let is_used = told.contains(before.id()) || is_told(declared, before.id());
        if is_used {
            plan.warnings.push(Finding {
                place: None,
                message: format!("{} is no longer declared, but a monitor still tells it", before.key()),
                hint: Some("it stays until no monitor names it".to_owned()),
            });
            plan.orphans.push(before.key());
        } else {
            plan.changes.push(Change::Delete(Box::new(Delete { before })));
        }
    }
}

/// The project's destinations that are neither declared nor, under a former name, about to be updated.
fn destinations(
    plan: &Plan,
    declared: &Declared,
    live: &Destinations,
    witnesses: &Witnesses,
) -> Vec<LiveResource> {
    let declared: BTreeSet<Key> =
        declared.resources.iter().map(|declaration| declaration.resource.key()).collect();
    let updated: BTreeSet<&str> = plan
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Update(update) => Some(update.before.id()),
            Change::Create(_) | Change::Delete(_) => None,
        })
        .collect();
    let gone = live.live.iter().filter(|live| {
        let name = &live.destination.name;
        !declared.contains(&Key { kind: Kind::Destination, name: name.clone() })
            && !updated.contains(live.id.as_str())
            && owner::of_destination(live, name, &plan.project, witnesses) == Owner::Ours
    });
    gone.cloned().map(LiveResource::Destination).collect()
}

/// Whether a declared monitor tells the destination with this id, by the id itself.
fn is_told(declared: &Declared, id: &str) -> bool {
    let monitors = declared.resources.iter().filter_map(|declaration| match &declaration.resource {
        Resource::Monitor(monitor) => Some(monitor),
        Resource::Destination(_) => None,
    });
    let mut actions = monitors.flat_map(|monitor| &monitor.triggers).flat_map(|trigger| &trigger.actions);
    actions.any(|action| matches!(&action.destination, Reference::Id(told) if told == id))
}
