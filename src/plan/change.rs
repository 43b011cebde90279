//! One thing to do: a resource that is made, changed in place or removed.

use std::sync::Arc;

use crate::api::live::{LiveDestination, LiveMonitor, LiveResource};
use crate::model::destination::Destination;
use crate::model::monitor::Monitor;
use crate::model::reference::keys_of;
use crate::model::resource::Key;
use crate::owner::Owner;
use crate::source::declared::Declaration;
use crate::source::finding::Finding;
use crate::source::place::Place;

/// One thing to do.
#[derive(Clone, Debug)]
pub enum Change {
    /// Declared and not in the cluster.
    Create(Create),
    /// In the cluster, and otherwise than declared, or without our mark.
    Update(Box<Update>),
    /// Ours and no longer declared.
    Delete(Box<Delete>),
}

/// A resource to make.
#[derive(Clone, Debug)]
pub struct Create {
    /// As declared.
    pub after: Arc<Declaration>,
}

/// A resource to change in place.
#[derive(Clone, Debug)]
pub struct Update {
    /// How it lives, and as it is declared.
    pub pair: Pair,
    /// Whose it is.
    pub owner: Owner,
    /// Where and with which secrets it is declared.
    pub declaration: Arc<Declaration>,
}

/// A live resource, canonical and with names for ids, and what it is to become.
#[derive(Clone, Debug)]
pub enum Pair {
    /// A destination or channel, an account or a group.
    Destination {
        /// As it lives.
        before: LiveDestination,
        /// As declared.
        after: Destination,
    },
    /// A monitor or workflow.
    Monitor {
        /// As it lives.
        before: Box<LiveMonitor>,
        /// As declared.
        after: Monitor,
    },
}

/// A resource to remove.
#[derive(Clone, Debug)]
pub struct Delete {
    /// As it lives.
    pub before: LiveResource,
}

/// What is done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is removed.
    Delete,
}

impl Action {
    /// The sign before it in a plan.
    pub const fn sign(self) -> char {
        match self {
            Action::Create => '+',
            Action::Update => '~',
            Action::Delete => '-',
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
        }
    }
}

impl Change {
    /// What is done.
    pub const fn action(&self) -> Action {
        match self {
            Change::Create(_) => Action::Create,
            Change::Update(_) => Action::Update,
            Change::Delete(_) => Action::Delete,
        }
    }

    /// What changes.
    pub fn key(&self) -> Key {
        match self {
            Change::Create(create) => create.after.resource.key(),
            Change::Update(update) => update.pair.key(),
            Change::Delete(delete) => delete.before.key(),
        }
    }

    /// What it needs to be there by its name.
    pub fn needs(&self) -> Vec<Key> {
        match self {
            Change::Create(create) => keys_of(&create.after.resource),
            Change::Update(update) => match &update.pair {
                Pair::Destination { after, .. } => keys_of(after),
                Pair::Monitor { after, .. } => keys_of(after),
            },
            Change::Delete(_) => Vec::new(),
        }
    }

    /// What its resource refers to as it lives.
    pub fn uses(&self) -> Vec<Key> {
        let of_live = |live: &LiveResource| match live {
            LiveResource::Destination(live) => keys_of(&live.destination),
            LiveResource::Monitor(live) => keys_of(&live.monitor),
        };
        match self {
            Change::Create(_) => Vec::new(),
            Change::Update(update) => match &update.pair {
                Pair::Destination { before, .. } => keys_of(&before.destination),
                Pair::Monitor { before, .. } => keys_of(&before.monitor),
            },
            Change::Delete(delete) => of_live(&delete.before),
        }
    }

    /// The wish for it.
    pub fn declaration(&self) -> Option<&Declaration> {
        match self {
            Change::Create(create) => Some(&create.after),
            Change::Update(update) => Some(&update.declaration),
            Change::Delete(_) => None,
        }
    }

    /// Where the wish for it is declared.
    pub fn place(&self) -> Option<&Place> {
        self.declaration().map(Declaration::place)
    }

    /// Says something of it.
    pub fn finding(&self, message: String) -> Finding {
        match self.declaration() {
            Some(declaration) => declaration.finding(None, message),
            None => Finding::about_all(message),
        }
    }
}

impl Pair {
    /// What changes, by its declared name.
    pub fn key(&self) -> Key {
        match self {
            Pair::Destination { after, .. } => after.key(),
            Pair::Monitor { after, .. } => after.key(),
        }
    }

    /// The id of the live resource.
    pub fn id(&self) -> &str {
        match self {
            Pair::Destination { before, .. } => &before.id,
            Pair::Monitor { before, .. } => &before.id,
        }
    }
}

/// How many resources change, by what is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Made.
    pub create: usize,
    /// Changed in place.
    pub update: usize,
    /// Removed.
    pub delete: usize,
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            create: sum.create + one.create,
            update: sum.update + one.update,
            delete: sum.delete + one.delete,
        })
    }
}

impl FromIterator<Action> for Counts {
    fn from_iter<T: IntoIterator<Item = Action>>(actions: T) -> Self {
        let mut counts = Counts::default();
        for action in actions {
            match action {
                Action::Create => counts.create += 1,
                Action::Update => counts.update += 1,
                Action::Delete => counts.delete += 1,
            }
        }
        counts
    }
}
