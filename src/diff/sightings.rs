//! The live monitors on their way past: one that is as declared is remembered by its id alone, one that differs and
//! one that no file declares any more are kept whole, all others are let go.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::api::line::Line;
use crate::api::live::{LiveMonitor, Unreadable};
use crate::api::read::Page;
use crate::api::wire::canonical;
use crate::api::wire::directory::Directory;
use crate::model::monitor::{Monitor, Reference};
use crate::model::name::Name;
use crate::model::resource::Resource;
use crate::owner::{self, Owner, Witnesses};
use crate::source::declared::{Declaration, Declared};

/// What of the live monitors a plan depends on.
#[derive(Debug, Default)]
pub struct Sightings<'a> {
    /// The live monitor of each declared name.
    pub found: HashMap<&'a Name, Sighting>,
    /// Further live monitors of declared names, by name and id.
    pub namesakes: BTreeSet<(&'a Name, String)>,
    /// The project's monitors that no file declares, by name and id.
    pub orphans: BTreeMap<(Name, String), LiveMonitor>,
    /// The ids of destinations that other people's monitors tell.
    pub told: BTreeSet<String>,
    /// The destinations that are the project's by the marks of its monitors.
    pub witnesses: Witnesses,
    /// What could not be understood.
    pub unreadable: Vec<Unreadable>,
}

/// A live monitor of a declared name.
#[derive(Debug)]
pub struct Sighting {
    /// Its id.
    pub id: String,
    /// How it lives, if not as declared.
    pub otherwise: Option<Box<LiveMonitor>>,
}

/// What a look at one live monitor tells.
enum Look<'a> {
    Declared(&'a Name, Sighting),
    Orphan(Box<LiveMonitor>),
    /// What somebody else's monitor tells.
    Foreign(Vec<String>),
    Unreadable(Unreadable),
}

/// Looks at all live monitors; of one that comes twice the later state counts.
pub fn watch<'a>(
    declared: &'a Declared,
    pages: impl Iterator<Item = Page>,
    directory: &Directory,
    line: Line,
    project: &str,
) -> Sightings<'a> {
    let declarations = by_name(declared);
    let mut sightings = Sightings::default();
    for page in pages {
        let looks = page.map(|found| match found {
            Err(unreadable) => (Witnesses::new(), Look::Unreadable(unreadable)),
            Ok(live) => {
                let ours = live.mark.as_ref().filter(|mark| mark.project == project);
                let witnesses = ours.into_iter().flat_map(|mark| mark.destinations.iter().cloned()).collect();
                let look = match declarations.get(&live.monitor.name) {
                    Some(declaration) => {
                        let is_same = is_same(declaration, &live, directory, line);
                        let id = live.id.clone();
                        let otherwise = (!is_same).then(|| Box::new(live));
                        Look::Declared(declaration.resource.name(), Sighting { id, otherwise })
                    }
                    None if owner::of_monitor(&live, project) == Owner::Ours => Look::Orphan(Box::new(live)),
                    None => Look::Foreign(told(live.monitor).collect()),
                };
                (witnesses, look)
            }
        });
        for (witnesses, look) in looks {
            sightings.witnesses.extend(witnesses);
            sightings.add(look);
        }
    }
    sightings
}

impl<'a> Sightings<'a> {
    fn add(&mut self, look: Look<'a>) {
        match look {
            Look::Declared(name, sighting) => match self.found.entry(name) {
                Entry::Occupied(taken) if taken.get().id != sighting.id => {
                    self.namesakes.insert((name, sighting.id));
                }
                entry => {
                    entry.insert_entry(sighting);
                }
            },
            Look::Orphan(live) => {
                self.orphans.insert((live.monitor.name.clone(), live.id.clone()), *live);
            }
            Look::Foreign(told) => self.told.extend(told),
            Look::Unreadable(unreadable) => self.unreadable.push(unreadable),
        }
    }

    /// The ids of all live monitors of a declared name, in order.
    pub fn ids(&self, name: &Name) -> Vec<&String> {
        let further = self.namesakes.iter().filter(|(other, _)| *other == name).map(|(_, id)| id);
        let mut ids: Vec<&String> =
            self.found.get(name).map(|one| &one.id).into_iter().chain(further).collect();
        ids.sort();
        ids
    }
}

fn by_name(declared: &Declared) -> HashMap<&Name, &Declaration> {
    let monitors = declared.resources.iter().filter(|declaration| match &declaration.resource {
        Resource::Monitor(_) => true,
        Resource::Destination(_) => false,
    });
    monitors.map(|declaration| (declaration.resource.name(), Arc::as_ref(declaration))).collect()
}

/// Whether a live monitor is as declared: by what it says, or, for inputs whose rewriting by the server we do not
/// know, since they are what we sent and nobody wrote since.
fn is_same(declaration: &Declaration, before: &LiveMonitor, directory: &Directory, line: Line) -> bool {
    let Resource::Monitor(monitor) = &declaration.resource else {
        return false;
    };
    let after = directory.with_ids(canonical::monitor(monitor.clone(), line));
    if after == before.monitor {
        return true;
    }
    let is_vouched =
        before.mark.as_ref().is_some_and(|mark| mark.vouches_for(before.revision.version, &after));
    is_vouched && after == Monitor { inputs: after.inputs.clone(), ..before.monitor.clone() }
}

fn told(monitor: Monitor) -> impl Iterator<Item = String> {
    let actions = monitor.triggers.into_iter().flat_map(|trigger| trigger.actions);
    actions.filter_map(|action| match action.destination {
        Reference::Id(id) => Some(id),
        Reference::Name(_) => None,
    })
}
