//! The live monitors on their way past: one that is as declared is remembered by its id alone, one that differs and
//! one that no file declares any more are kept whole, all others are let go.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::api::line::Line;
use crate::api::live::{Found, LiveMonitor, Unreadable};
use crate::api::read::Page;
use crate::api::wire::directory::Directory;
use crate::api::wire::{canonical, doc_queries};
use crate::model::monitor::{Monitor, Reference};
use crate::model::name::Name;
use crate::owner::{self, Claims, Owner};
use crate::source::declared::Declared;

/// What of the live monitors a plan depends on.
#[derive(Debug, Default)]
pub struct Sightings<'a> {
    /// The live monitor of each declared name.
    pub found: HashMap<&'a Name, Sighting>,
    /// Further live monitors of declared names, by name and id.
    pub namesakes: BTreeSet<(&'a Name, String)>,
    /// The project's monitors that no file declares, by name and id.
    pub orphans: BTreeMap<(Name, String), Box<LiveMonitor>>,
    /// The ids of destinations that other people's monitors tell, and the name of one that does.
    pub told: BTreeMap<String, Name>,
    /// The projects whose monitors' marks name destinations as theirs.
    pub claims: Claims,
    /// The latest write that was seen.
    pub latest: Option<u64>,
    /// What could not be understood.
    pub unreadable: Vec<Unreadable>,
}

/// A live monitor of a declared name.
#[derive(Debug)]
pub enum Sighting {
    /// It is as declared, and its mark says all that a mark can say.
    Same {
        /// Its id.
        id: String,
    },
    /// It is as declared; whether its mark says enough depends on what else the plan finds.
    Unvouched(Box<LiveMonitor>),
    /// It is not as declared.
    Otherwise(Box<LiveMonitor>),
}

impl Sighting {
    /// The id of the live monitor.
    pub fn id(&self) -> &String {
        match self {
            Sighting::Same { id } => id,
            Sighting::Unvouched(live) | Sighting::Otherwise(live) => &live.id,
        }
    }
}

/// What a look at one live monitor tells.
enum Look<'a> {
    Declared(&'a Name, Sighting),
    Orphan(Box<LiveMonitor>),
    /// What somebody else's monitor tells.
    Foreign(Vec<(String, Name)>),
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
    let declarations: HashMap<&Name, &Monitor> =
        declared.monitors().map(|monitor| (&monitor.name, monitor)).collect();
    let mut sightings = Sightings::default();
    for page in pages {
        sightings.latest = sightings.latest.max(page.latest());
        let looks = page.map(|found| match found {
            Found::Unreadable(other) => (None, Look::Unreadable(other)),
            Found::Beyond(other) => (None, Look::Foreign(told_by(&other).collect())),
            Found::Monitor(mut live) => {
                let mark = live.mark.as_ref().filter(|mark| !mark.destinations.is_empty());
                let claim = mark.map(|mark| (mark.project.clone(), mark.destinations.clone()));
                let look = match declarations.get(&live.monitor.name) {
                    Some(monitor) => {
                        let is_same = is_same(&canonical(monitor, directory, line), &mut live);
                        let sighting = if !is_same {
                            Sighting::Otherwise(live)
                        } else if is_vouched(&live, project) {
                            Sighting::Same { id: live.id }
                        } else {
                            Sighting::Unvouched(live)
                        };
                        Look::Declared(&monitor.name, sighting)
                    }
                    None if owner::of_monitor(&live, project) == Owner::Ours => Look::Orphan(live),
                    None => Look::Foreign(told_by_id(&live.monitor).collect()),
                };
                (claim, look)
            }
        });
        for (claim, look) in looks {
            if let Some((project, ids)) = claim {
                for id in ids {
                    sightings.claims.entry(id).or_default().insert(project.clone());
                }
            }
            sightings.add(look);
        }
    }
    sightings
}

/// A declared monitor as it would live, with ids for the names of destinations.
fn canonical(monitor: &Monitor, directory: &Directory, line: Line) -> Monitor {
    directory.with_ids(canonical::monitor(monitor.clone(), line))
}

impl<'a> Sightings<'a> {
    fn add(&mut self, look: Look<'a>) {
        match look {
            Look::Declared(name, sighting) => match self.found.entry(name) {
                Entry::Occupied(taken) if taken.get().id() != sighting.id() => {
                    self.namesakes.insert((name, sighting.id().clone()));
                }
                entry => {
                    entry.insert_entry(sighting);
                }
            },
            Look::Orphan(live) => {
                self.orphans.insert((live.monitor.name.clone(), live.id.clone()), live);
            }
            Look::Foreign(told) => self.told.extend(told),
            Look::Unreadable(other) => {
                self.told.extend(told_by(&other));
                self.unreadable.push(other);
            }
        }
    }

    /// The ids of all live monitors of a declared name, in order.
    pub fn ids(&self, name: &'a Name) -> Vec<&String> {
        let begin = (name, String::new());
        let further = self.namesakes.range(begin..).take_while(|(other, _)| *other == name);
        let further = further.map(|(_, id)| id);
        let mut ids: Vec<&String> =
            self.found.get(name).map(Sighting::id).into_iter().chain(further).collect();
        ids.sort();
        ids
    }
}

/// Brings what a live monitor has of a declared one into the spelling of the latter, whatever it is called.
pub fn settle(after: &Monitor, before: &mut LiveMonitor, directory: &Directory, line: Line) {
    is_same(&canonical(after, directory, line), before);
}

/// Whether a live monitor is as declared, in canonical form. Inputs whose rewriting by the server we do not know are
/// those that we sent as long as nobody wrote since: they are put back into our spelling.
fn is_same(after: &Monitor, before: &mut LiveMonitor) -> bool {
    doc_queries::forget_unstated(&mut before.monitor, after);
    if *after == before.monitor {
        return true;
    }
    if before.mark.as_ref().is_some_and(|mark| mark.vouches_for(before.revision.version, after)) {
        before.monitor.inputs.clone_from(&after.inputs);
    }
    *after == before.monitor
}

/// Whether a monitor's mark is the project's, and names every destination whose witness it may have to be.
fn is_vouched(live: &LiveMonitor, project: &str) -> bool {
    let Some(mark) = live.mark.as_ref().filter(|mark| mark.project == project) else { return false };
    live.monitor.told().all(|told| match told {
        Reference::Id(id) => owner::bears_sign(id, project) || mark.destinations.contains(id),
        Reference::Name(_) => true,
    })
}

fn told_by(other: &Unreadable) -> impl Iterator<Item = (String, Name)> {
    other.told.iter().map(|id| (id.clone(), other.name.clone()))
}

/// The ids of the destinations that a monitor tells, each with the monitor's name.
pub fn told_by_id(monitor: &Monitor) -> impl Iterator<Item = (String, Name)> {
    monitor.told().filter_map(Reference::id).map(|id| (id.to_owned(), monitor.name.clone()))
}
