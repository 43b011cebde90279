//! The live monitors on their way past: one that is as declared is remembered by its id alone, one that differs and
//! one that no file declares any more are kept whole, all others are let go. Workflows, of which there are few, wait until
//! all monitors have passed, since they speak of them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use super::deleted::Missing;
use crate::api::line::Line;
use crate::api::live::{Destinations, Found, LiveMonitor, Revision, Unreadable};
use crate::api::read::Page;
use crate::api::wire::directory::Directory;
use crate::api::wire::notice::Notice;
use crate::api::wire::{canonical, doc_queries, ids};
use crate::model::monitor::{Input, Monitor};
use crate::model::name::Name;
use crate::model::previous::Previous;
use crate::model::reference::{Reference, ids_of};
use crate::model::resource::{Key, Kind};
use crate::owner::{self, Claims, Owner};
use crate::source::declared::{Declaration, Declared};

/// What of the live monitors a plan depends on.
#[derive(Debug, Default)]
pub struct Sightings<'a> {
    /// The live monitor or workflow of each declared one.
    pub found: HashMap<(Kind, &'a Name), Sighting>,
    /// Further live ones of declared names, by name and id.
    pub namesakes: BTreeSet<(Kind, &'a Name, String)>,
    /// The project's monitors and workflows that no file declares, by name and id.
    pub orphans: BTreeMap<(Key, String), Box<LiveMonitor>>,
    /// What nobody's is and has a former name of a declared one, or the id of a trigger of one, by name and id.
    pub renamed: BTreeMap<(Key, String), Box<LiveMonitor>>,
    /// All workflows, until they are looked at.
    workflows: Vec<LiveMonitor>,
    /// The ids of what other people's monitors and workflows refer to, and the name of one that does.
    pub told: BTreeMap<String, Name>,
    /// The ids that declared workflows state of monitors, and no monitor has.
    pub absent: BTreeSet<String>,
    /// What applies were about to make when they were killed, or are, and the ids of the notices of it.
    pub notices: Vec<(String, Notice)>,
    /// The projects whose monitors' marks name destinations as theirs.
    pub claims: Claims,
    /// What is declared and not there, and a monitor that still tells it.
    pub deleted: BTreeMap<Key, Key>,
    /// The latest write that was seen.
    pub latest: Option<u64>,
    /// What could not be understood.
    pub unreadable: Vec<Unreadable>,
}

/// A live monitor or workflow of a declared name.
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
    Declared(Kind, &'a Name, Sighting),
    Orphan(Box<LiveMonitor>),
    Renamed(Box<LiveMonitor>),
    Workflow(Box<LiveMonitor>),
    /// What somebody else's refers to.
    Foreign(Vec<(String, Name)>),
    Unreadable(Unreadable),
    Notice(String, Notice),
}

/// What live monitors are held against.
struct View<'a, 'v> {
    monitors: HashMap<&'a Name, (&'a Monitor, &'a Declaration)>,
    workflows: HashMap<&'a Name, (&'a Monitor, &'a Declaration)>,
    /// All names of declared ones, by a former one.
    renamed: HashMap<Key, Previous>,
    /// The ids that we would mint for the triggers of declared ones, once somebody asks.
    minted: OnceLock<HashSet<Box<str>>>,
    directory: &'v Directory,
    /// What declared e-mails make use of, by their names.
    relays: &'v BTreeMap<Name, Vec<Key>>,
    line: Line,
    project: &'v str,
}

impl<'a, 'v> View<'a, 'v> {
    fn new(
        declared: &'a Declared,
        directory: &'v Directory,
        relays: &'v BTreeMap<Name, Vec<Key>>,
        (line, project): (Line, &'v str),
    ) -> Self {
        let of_kind = |kind| {
            let monitors = declared.monitors().filter(move |(monitor, _)| monitor.kind() == kind);
            monitors.map(|(monitor, declaration)| (&monitor.name, (monitor, declaration))).collect()
        };
        let mut renamed = HashMap::new();
        for (monitor, declaration) in declared.monitors() {
            let previous = &declaration.previous;
            for former in previous.of_resource() {
                let key = Key { kind: monitor.kind(), name: former.clone() };
                renamed.insert(key, previous.with_names_of(monitor));
            }
        }
        let (monitors, workflows) = (of_kind(Kind::Monitor), of_kind(Kind::Workflow));
        Self { monitors, workflows, renamed, minted: OnceLock::new(), directory, relays, line, project }
    }

    /// Whether what bears no mark any more was made from a declared one, and is called otherwise now.
    fn was_declared(&self, live: &LiveMonitor) -> bool {
        let minted = self.minted.get_or_init(|| {
            let declared = self.monitors.values().chain(self.workflows.values());
            let ids = declared.flat_map(|(monitor, declaration)| {
                ids::minted_for(self.project, monitor, &declaration.previous)
            });
            ids.collect()
        });
        live.ids.triggers.iter().any(|trigger| minted.contains(&trigger.id))
    }

    fn look(&self, mut live: Box<LiveMonitor>) -> Look<'a> {
        let is_workflow = live.monitor.kind() == Kind::Workflow;
        let declared = if is_workflow { &self.workflows } else { &self.monitors };
        let Some((monitor, declaration)) = declared.get(&live.monitor.name).copied() else {
            let names = self.renamed.get(&live.key());
            return match owner::of_monitor(&live, self.project, names.unwrap_or(&Previous::default())) {
                Owner::Ours => Look::Orphan(live),
                Owner::Nobody if names.is_some() || self.was_declared(&live) => Look::Renamed(live),
                Owner::Nobody | Owner::Project(_) => Look::Foreign(told_by_id(&live.monitor)),
            };
        };
        let is_same = is_same(&canonical(monitor, self.directory, self.line), &mut live);
        let sighting = if !is_same {
            Sighting::Otherwise(live)
        } else if self.is_vouched(&live, monitor, declaration) {
            Sighting::Same { id: live.id }
        } else {
            Sighting::Unvouched(live)
        };
        Look::Declared(monitor.kind(), &monitor.name, sighting)
    }

    /// Whether a monitor's mark is the project's, names every destination whose witness it may have to be, and says
    /// whether it is protected. A workflow has no place for a mark: its ids say whose it is.
    fn is_vouched(&self, live: &LiveMonitor, monitor: &Monitor, declaration: &Declaration) -> bool {
        let project = self.project;
        if live.monitor.kind() == Kind::Workflow {
            let names = declaration.previous.with_names_of(monitor);
            return owner::of_monitor(live, project, &names) == Owner::Ours;
        }
        let Some(mark) = live.mark.as_ref().filter(|mark| mark.project == project) else { return false };
        if mark.protected != declaration.protected {
            return false;
        }
        let is_said =
            |id: &str| owner::bears_sign(id, project) || mark.destinations.iter().any(|named| named == id);
        let is_known = |key: &Key| match self.directory.id(key.kind, &key.name) {
            // it is yet to be made; the id of a channel is known before, and bears a sign
            None => self.line.has_channels(),
            Some(id) => is_said(id),
        };
        live.monitor.told().all(|told| match told {
            Reference::Id(id) => {
                let name = self.directory.name(Kind::Destination, id);
                let relays = name.and_then(|name| self.relays.get(name));
                is_said(id) && relays.into_iter().flatten().all(is_known)
            }
            Reference::Name(_) => true,
        })
    }
}

/// Looks at all live monitors; of one that comes twice the later state counts.
pub fn watch<'a>(
    declared: &'a Declared,
    pages: impl Iterator<Item = Page>,
    directory: &Directory,
    relays: &BTreeMap<Name, Vec<Key>>,
    terms: (Line, &str),
    missing: &Missing<'_>,
) -> Sightings<'a> {
    let view = View::new(declared, directory, relays, terms);
    let stated = stated_ids(declared);
    let mut sightings = Sightings { absent: stated.clone(), ..Sightings::default() };
    for page in pages {
        sightings.latest = sightings.latest.max(page.latest());
        let looks = page.map(|found| {
            let id = stated.get(found.id()).filter(|_| found.key().kind == Kind::Monitor).cloned();
            let deleted = missing.told_by(&found);
            let (claim, look) = match found {
                Found::Unreadable(other) => (None, Look::Unreadable(other)),
                Found::Notice { id, notice } => (None, Look::Notice(id, notice)),
                Found::Monitor(live) if live.monitor.kind() == Kind::Workflow => (None, Look::Workflow(live)),
                Found::Monitor(live) => {
                    let mark = live.mark.as_ref().filter(|mark| !mark.destinations.is_empty());
                    let claim = mark.map(|mark| (mark.project.clone(), mark.destinations.clone()));
                    (claim, view.look(live))
                }
            };
            (id, claim, deleted, look)
        });
        for (id, claim, deleted, look) in looks {
            for (key, user) in deleted {
                let least = sightings.deleted.entry(key).or_insert_with(|| user.clone());
                *least = user.min(least.clone());
            }
            if let Some(id) = id {
                sightings.absent.remove(&id);
            }
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

/// The ids that declared workflows state of monitors.
fn stated_ids(declared: &Declared) -> BTreeSet<String> {
    let inputs = declared.monitors().flat_map(|(monitor, _)| &monitor.inputs);
    let delegates = inputs.flat_map(Input::delegates);
    delegates.filter_map(|delegate| delegate.monitor.id()).map(str::to_owned).collect()
}

/// A declared monitor as it would live, with ids for the names of destinations.
fn canonical(monitor: &Monitor, directory: &Directory, line: Line) -> Monitor {
    directory.with_ids(canonical::monitor(monitor.clone(), line))
}

/// Looks at the workflows that passed, once the ids of the monitors are known that they speak of.
pub fn watch_workflows<'a>(
    sightings: &mut Sightings<'a>,
    declared: &'a Declared,
    directory: &Directory,
    relays: &BTreeMap<Name, Vec<Key>>,
    terms: (Line, &str),
) {
    let view = View::new(declared, directory, relays, terms);
    for live in std::mem::take(&mut sightings.workflows) {
        sightings.add(view.look(Box::new(live)));
    }
}

impl<'a> Sightings<'a> {
    /// Takes the live destinations, accounts and groups that notices tell of for what the projects made that put them up.
    pub fn claim_what_is_noticed(&mut self, live: &Destinations) {
        for (_, notice) in &self.notices {
            let making: BTreeSet<&Key> = notice.making.iter().collect();
            for noted in live.live.iter().filter(|live| making.contains(&live.key())) {
                self.claims.entry(noted.id.clone()).or_default().insert(notice.project.clone());
            }
        }
    }

    fn add(&mut self, look: Look<'a>) {
        match look {
            Look::Declared(kind, name, sighting) => match self.found.entry((kind, name)) {
                Entry::Occupied(taken) if taken.get().id() != sighting.id() => {
                    self.namesakes.insert((kind, name, sighting.id().clone()));
                }
                entry => {
                    entry.insert_entry(sighting);
                }
            },
            Look::Orphan(live) => {
                self.orphans.insert((live.key(), live.id.clone()), live);
            }
            Look::Renamed(live) => {
                self.renamed.insert((live.key(), live.id.clone()), live);
            }
            Look::Workflow(live) => self.workflows.push(*live),
            Look::Foreign(told) => self.told.extend(told),
            Look::Notice(id, notice) => self.notices.push((id, notice)),
            Look::Unreadable(other) => {
                self.told.extend(told_by(&other));
                self.unreadable.push(other);
            }
        }
    }

    /// The ids of all live ones of a declared name, in order.
    pub fn ids(&self, kind: Kind, name: &'a Name) -> Vec<&String> {
        let begin = (kind, name, String::new());
        let of_name = |(other_kind, other, _): &&(Kind, &Name, String)| (*other_kind, *other) == (kind, name);
        let further = self.namesakes.range(begin..).take_while(of_name);
        let further = further.map(|(.., id)| id);
        let found = self.found.get(&(kind, name)).map(Sighting::id);
        let mut ids: Vec<&String> = found.into_iter().chain(further).collect();
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
    let Revision { version, times, .. } = before.revision;
    if before.mark.as_ref().is_some_and(|mark| mark.vouches_for(&before.id, version, times, after)) {
        before.monitor.inputs.clone_from(&after.inputs);
    }
    *after == before.monitor
}

fn told_by(other: &Unreadable) -> impl Iterator<Item = (String, Name)> {
    other.told.iter().map(|id| (id.clone(), other.name.clone()))
}

/// The ids of what a monitor or workflow refers to, each with its name.
fn told_by_id(monitor: &Monitor) -> Vec<(String, Name)> {
    ids_of(monitor).into_iter().map(|id| (id, monitor.name.clone())).collect()
}
