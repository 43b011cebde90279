//! What is to be done: whole values before and after, which are shown, checked and applied alike.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::api::line::Line;
use crate::api::live::LiveResource;
use crate::api::wire::directory::Directory;
use crate::model::name::Name;
use crate::model::resource::Key;
pub use crate::owner::Owner;
use crate::source::declared::Declaration;
use crate::source::finding::Finding;
use crate::source::place::Place;

/// What is to be done so that the cluster becomes what the files declare.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The line of the cluster's servers.
    pub line: Line,
    /// The project, as it stands in our mark.
    pub project: String,
    /// In the order in which they are applied.
    pub changes: Vec<Change>,
    /// How many declared resources are in the cluster as declared.
    pub unchanged: usize,
    /// Ours and no longer declared, left alone since nobody said to prune.
    pub orphans: Vec<Key>,
    /// Why nothing may be applied; empty when all is well.
    pub problems: Vec<Finding>,
    /// What a reviewer should know.
    pub warnings: Vec<Finding>,
    /// Which live destination has which id.
    pub directory: Directory,
    /// The destinations that are the project's once the plan is applied.
    pub owned: BTreeSet<Name>,
}

/// One thing to do.
#[derive(Clone, Debug)]
pub enum Change {
    /// Declared and not in the cluster.
    Create(Create),
    /// In the cluster, and otherwise than declared.
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
    /// As it lives, canonical.
    pub before: LiveResource,
    /// As declared.
    pub after: Arc<Declaration>,
    /// Whose it is.
    pub owner: Owner,
}

/// A resource to remove.
#[derive(Clone, Debug)]
pub struct Delete {
    /// As it lives.
    pub before: LiveResource,
}

impl Change {
    /// What changes.
    pub fn key(&self) -> Key {
        match self {
            Change::Create(create) => create.after.resource.key(),
            Change::Update(update) => update.after.resource.key(),
            Change::Delete(delete) => delete.before.key(),
        }
    }

    /// Where the wish for it is declared.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Change::Create(create) => Some(create.after.place()),
            Change::Update(update) => Some(update.after.place()),
            Change::Delete(_) => None,
        }
    }
}

impl Plan {
    /// How many resources are created, updated and deleted.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for change in &self.changes {
            match change {
                Change::Create(_) => counts.create += 1,
                Change::Update(_) => counts.update += 1,
                Change::Delete(_) => counts.delete += 1,
            }
        }
        counts
    }

    /// The updates that would take over what is not the project's.
    pub fn adoptions(&self) -> impl Iterator<Item = &Update> {
        self.changes.iter().filter_map(|change| match change {
            Change::Update(update) if update.owner != Owner::Ours => Some(&**update),
            _ => None,
        })
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
