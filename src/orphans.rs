//! What is the project's and no longer declared: kept and named, or pruned when someone says so.

use std::collections::BTreeSet;

use crate::api::live::{Live, LiveResource};
use crate::model::monitor::Reference;
use crate::model::name::Name;
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
pub fn plan(plan: &mut Plan, declared: &Declared, live: &Live, witnesses: &Witnesses<'_>, orphans: Orphans) {
    let gone = find(plan, declared, live, witnesses);
    let used = match orphans {
        Orphans::Keep => {
            plan.orphans.extend(gone.iter().map(LiveResource::key));
            return;
        }
        Orphans::Prune => ids_in_use(declared, live, &gone),
    };
    for before in gone {
        if used.contains(before.id()) {
            plan.warnings.push(Finding {
                place: None,
                message: format!("{} is no longer declared, but a monitor still tells it", before.key()),
                hint: Some("it stays until no monitor names it".to_owned()),
            });
            plan.orphans.push(before.key());
        } else {
            plan.changes.push(Change::Delete(Delete { before }));
        }
    }
}

/// What bears our mark and is neither declared nor, under a former name, about to be updated: monitors first, since
/// they tell destinations.
fn find(plan: &Plan, declared: &Declared, live: &Live, witnesses: &Witnesses<'_>) -> Vec<LiveResource> {
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
    let is_gone = |kind, name: &Name, id: &str| {
        !declared.contains(&Key { kind, name: name.clone() }) && !updated.contains(id)
    };
    let monitors = live.monitors.iter().filter(|live| {
        is_gone(Kind::Monitor, &live.monitor.name, &live.id)
            && owner::of_monitor(live, &plan.project) == Owner::Ours
    });
    let destinations = live.destinations.iter().filter(|live| {
        let name = &live.destination.name;
        is_gone(Kind::Destination, name, &live.id)
            && owner::of_destination(live, name, &plan.project, witnesses) == Owner::Ours
    });
    let monitors = monitors.cloned().map(LiveResource::Monitor);
    monitors.chain(destinations.cloned().map(LiveResource::Destination)).collect()
}

/// The ids of destinations that some monitor will still tell: one that stays, or a declared one that names an id.
fn ids_in_use<'a>(declared: &'a Declared, live: &'a Live, gone: &[LiveResource]) -> BTreeSet<&'a str> {
    let gone: BTreeSet<&str> = gone.iter().map(LiveResource::id).collect();
    let names: BTreeSet<&Name> = declared
        .resources
        .iter()
        .filter(|declaration| declaration.resource.kind() == Kind::Monitor)
        .map(|declaration| declaration.resource.name())
        .collect();
    let staying = live.monitors.iter().map(|live| (live.id.as_str(), &live.monitor));
    let staying = staying.filter(|(id, monitor)| !gone.contains(id) && !names.contains(&monitor.name));
    let declared = declared.resources.iter().filter_map(|declaration| match &declaration.resource {
        Resource::Monitor(monitor) => Some(monitor),
        Resource::Destination(_) => None,
    });
    let monitors = staying.map(|(_, monitor)| monitor).chain(declared);
    let actions = monitors.flat_map(|monitor| &monitor.triggers).flat_map(|trigger| &trigger.actions);
    actions
        .filter_map(|action| match &action.destination {
            Reference::Id(id) => Some(id.as_str()),
            Reference::Name(_) => None,
        })
        .collect()
}
