//! What is to be done: whole values before and after, which are shown, checked and applied alike.

pub mod alike;
mod change;
pub mod drift;
pub mod ends;
pub mod limits;
pub mod protection;
pub mod risk;
pub mod select;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub use change::{Action, Change, Counts, Create, Delete, Pair, Update};

use crate::api::line::Line;
use crate::api::live::{ActiveAlerts, LiveMonitor};
use crate::api::wire::canonical;
use crate::api::wire::directory::Directory;
use crate::api::wire::mark::Mark;
use crate::model::destination::Destination;
use crate::model::fingerprint::FingerprintKey;
use crate::model::limits::Limits;
use crate::model::monitor::Monitor;
use crate::model::name::Name;
use crate::model::reference::Reference;
use crate::model::resource::{Key, Kind};
use crate::model::secret::Secret;
pub use crate::owner::Owner;
use crate::owner::{Witnesses, bears_sign};
use crate::source::declared::Declaration;
use crate::source::finding::Finding;

/// What is to be done so that the cluster becomes what the files declare.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The environment, where the project has any.
    pub environment: Option<String>,
    /// The cluster: the host and the port at which it was asked.
    pub server: String,
    /// The line of the cluster's servers.
    pub line: Line,
    /// The project, as it stands in our mark.
    pub project: String,
    /// What was said of resources that have a declared name and are not the project's.
    pub strangers: Strangers,
    /// In the order in which they are applied.
    pub changes: Vec<Change>,
    /// How many declared resources are in the cluster as declared.
    pub unchanged: usize,
    /// Those of the unchanged ones that are not the project's, since nobody said that they may be taken over.
    pub unmarked: Vec<Unmarked>,
    /// Ours and no longer declared, and left alone.
    pub orphans: Vec<Orphan>,
    /// Why nothing may be applied; empty when all is well.
    pub problems: Vec<Finding>,
    /// What a reviewer should know.
    pub warnings: Vec<Finding>,
    /// Which live resource has which id.
    pub directory: Directory,
    /// The destinations, accounts and groups that are the project's once the plan is applied.
    pub owned: BTreeSet<Key>,
    /// What the declared e-mails make use of.
    pub relays: BTreeMap<Name, Vec<Key>>,
    /// The latest write to monitors that the plan knows of.
    pub latest: Option<u64>,
    /// The live destinations that are the project's by marks of its monitors, which go on naming them until they are
    /// gone.
    pub witnesses: Witnesses,
    /// The ids of notices of what an apply of the project was about to make, and did not finish.
    pub notices: Vec<String>,
    /// What no screen shows, wherever it stands.
    pub secrets: Vec<Secret>,
    /// What holds secrets that nobody here knows: none of its texts is shown where it differs.
    pub opaque: BTreeSet<Key>,
    /// What fingerprints of secrets are made with, where anybody named a key.
    pub fingerprints: Option<FingerprintKey>,
    /// How much may be done in one run.
    pub limits: Limits,
    /// What is to be made, and what it is called in the cluster, where somebody renamed it.
    pub renamed: Vec<(Key, Key)>,
    /// What is to be made, and what is no longer declared and is the same but for its name.
    pub alike: BTreeMap<Key, Key>,
    /// What is declared to refer to each resource that changes.
    pub users: BTreeMap<Key, BTreeSet<Key>>,
    /// What is to be made that somebody deleted, and what still refers to it.
    pub deleted: BTreeMap<Key, Key>,
    /// Which alerts are active, where that was asked and told.
    pub active: Option<ActiveAlerts>,
    /// What of all that differs is planned.
    pub focus: Focus,
    /// What differs and is left as it is, since it is out of focus.
    pub left_out: Vec<(Key, LeftOut)>,
}

/// Why something that differs is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// No selection is about it.
    Unselected,
    /// The files alone changed it, and what the cluster changed is asked for.
    Files,
}

/// What of all that differs is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// All of it.
    All,
    /// What the cluster changed, or may have.
    Drift,
}

/// What becomes of resources that have a declared name and are not the project's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// What is as declared stays whose it is; whether what is not may be taken over is to be asked.
    Ask,
    /// They are taken over.
    Adopt,
}

/// A resource that is as declared and somebody else's, or nobody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmarked {
    /// What.
    pub key: Key,
    /// Whose it is.
    pub owner: Owner,
}

/// A resource that is ours and no longer declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// What.
    pub key: Key,
    /// Its id in the cluster.
    pub id: String,
    /// Why it stays.
    pub reason: Stay,
}

/// Why an orphan stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stay {
    /// Nobody said to prune.
    Unasked,
    /// What bears this name stays and refers to it.
    Told(Name),
}

impl Plan {
    /// How many resources are created, updated and deleted.
    pub fn counts(&self) -> Counts {
        self.changes.iter().map(Change::action).collect()
    }

    /// Whether alerts may end, so that it matters which are active.
    pub fn ends_alerts(&self) -> bool {
        self.changes.iter().flat_map(ends::of).any(|end| end.triggers() > 0)
    }

    /// A destination, an account or a group as it will live: canonical, with names for ids.
    pub fn destination_to_live(&self, declared: &Destination) -> Destination {
        self.directory.with_names(canonical::destination(declared.clone(), self.line))
    }

    /// A monitor or a workflow as it will live: canonical, with names for ids.
    pub fn monitor_to_live(&self, declared: &Monitor) -> Monitor {
        self.directory.with_names(canonical::monitor(declared.clone(), self.line))
    }

    /// What no screen shows of an update; an empty one where the files fill in nothing where a secret may have stood.
    pub fn secrets_of(&self, declaration: &Declaration) -> Cow<'_, [Secret]> {
        if declaration.has_emptied() {
            Cow::Owned([self.secrets.as_slice(), &[Secret::new("")]].concat())
        } else {
            Cow::Borrowed(&self.secrets)
        }
    }

    /// What another project may have filled secrets into: of channels and workflows nobody notes whether any were, and of
    /// workflows not even whose they are.
    pub fn of_other_projects(&self) -> BTreeSet<Key> {
        let is_others = |update: &&Update| match update.pair.key().kind {
            Kind::Monitor => false,
            Kind::Workflow => true,
            Kind::Destination | Kind::EmailAccount | Kind::EmailGroup => {
                matches!(update.owner, Owner::Project(_))
            }
        };
        self.adoptions().filter(is_others).map(|update| update.pair.key()).collect()
    }

    /// The updates that would take over what is not the project's.
    pub fn adoptions(&self) -> impl Iterator<Item = &Update> {
        self.changes.iter().filter_map(|change| match change {
            Change::Update(update) if update.owner != Owner::Ours => Some(&**update),
            _ => None,
        })
    }

    /// The destinations, accounts and groups whose witness the mark of `before` is to become, and that it does not name
    /// yet.
    pub fn unnamed(&self, before: &LiveMonitor, after: &Monitor) -> Vec<Key> {
        let mut unnamed = self.made_use_of(after);
        unnamed.retain(|key| match self.directory.id(key.kind, &key.name) {
            // it is yet to be made; the id of a channel is known before, and bears a sign
            None => !self.line.has_channels(),
            Some(id) => {
                let is_named = |mark: &Mark| mark.destinations.iter().any(|named| named == id);
                !bears_sign(id, &self.project) && !before.mark.as_ref().is_some_and(is_named)
            }
        });
        unnamed
    }

    /// The ids of those whose only witness a monitor's mark is: they bear no sign of the project themselves.
    pub fn witnessed(&self, monitor: &Monitor, directory: &Directory) -> Witnesses {
        let keys = self.made_use_of(monitor);
        let ids = keys.iter().filter_map(|key| directory.id(key.kind, &key.name));
        ids.filter(|id| !bears_sign(id, &self.project)).map(str::to_owned).collect()
    }

    /// The project's destinations that a monitor tells, with what its e-mails make use of.
    fn made_use_of(&self, monitor: &Monitor) -> Vec<Key> {
        let mut keys = BTreeSet::new();
        for told in monitor.told() {
            let Reference::Name(name) = told else { continue };
            keys.insert(Key { kind: Kind::Destination, name: name.clone() });
            keys.extend(self.relays.get(name).into_iter().flatten().cloned());
        }
        keys.into_iter().filter(|key| self.owned.contains(key)).collect()
    }
}
