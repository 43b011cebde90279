//! What is the project's and no longer declared: kept and named, or pruned when someone says so.

use std::cmp::Reverse;

use super::destinations::Index;
use super::renames;
use super::sightings::Sightings;
use crate::api::live::{Destinations, LiveResource};
use crate::model::name::Name;
use crate::model::reference::{Refer, ids_of};
use crate::model::resource::{Key, Kind};
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
    let Sightings { orphans: monitors, renamed, mut told, claims, .. } = seen;
    for ((key, _), live) in &renamed {
        told.extend(tells(&live.monitor, key));
    }
    plan.renamed = renames::in_cluster(plan, monitors.values().chain(renamed.values()));
    for other in &live.unreadable {
        told.extend(other.told.iter().map(|id| (id.clone(), other.name.clone())));
    }
    let mut candidates: Vec<LiveResource> = monitors.into_values().map(LiveResource::Monitor).collect();
    for live in live.live.iter().filter(|live| !index.is_declared(live)) {
        match owner::of_destination(live, &plan.project, &claims) {
            Owner::Ours => candidates.push(LiveResource::Destination(live.clone())),
            Owner::Nobody | Owner::Project(_) => told.extend(tells(&live.destination, &live.key())),
        }
    }
    for declaration in &declared.resources {
        told.extend(tells(&declaration.resource, &declaration.resource.key()));
    }
    plan.alike = renames::alike(plan, &candidates);
    // where what refers to others stays, they do
    candidates.sort_by_key(|before| Reverse(before.key().kind));
    let mut deletes: Vec<Delete> = Vec::new();
    for before in candidates {
        let key = before.key();
        let reason = match (orphans, told.remove(before.id())) {
            (Orphans::Keep, _) => Stay::Unasked,
            (Orphans::Prune, Some(teller)) => {
                told.extend(match &before {
                    LiveResource::Destination(live) => tells(&live.destination, &key),
                    LiveResource::Monitor(live) => tells(&live.monitor, &key),
                });
                Stay::Told(teller)
            }
            (Orphans::Prune, None) => {
                deletes.push(Delete { before: with_names(plan, before) });
                continue;
            }
        };
        plan.orphans.push(Orphan { key, id: before.id().to_owned(), reason });
    }
    deletes.sort_by_key(|delete| Kind::GONE.iter().position(|kind| *kind == delete.before.key().kind));
    plan.changes.extend(deletes.into_iter().map(|delete| Change::Delete(Box::new(delete))));
}

/// The ids of what a resource refers to, each with its own name.
fn tells(resource: &impl Refer, key: &Key) -> Vec<(String, Name)> {
    ids_of(resource).into_iter().map(|id| (id, key.name.clone())).collect()
}

fn with_names(plan: &Plan, live: LiveResource) -> LiveResource {
    match live {
        LiveResource::Destination(mut live) => {
            live.destination = plan.directory.with_names(live.destination);
            LiveResource::Destination(live)
        }
        LiveResource::Monitor(mut live) => {
            live.monitor = plan.directory.with_names(live.monitor);
            LiveResource::Monitor(live)
        }
    }
}
