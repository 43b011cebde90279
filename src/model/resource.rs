//! One declared thing of any kind, and how it is told from the others.

use std::fmt;
use std::str::FromStr;

use super::destination::Destination;
use super::monitor::Monitor;
use super::name::Name;
use super::reference::{Refer, Reference};

/// A thing that a file declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Where messages go, and what e-mail makes use of on its way.
    Destination(Destination),
    /// What is watched, and the workflows that run monitors.
    Monitor(Monitor),
}

impl Resource {
    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        match self {
            Resource::Destination(destination) => destination.key(),
            Resource::Monitor(monitor) => monitor.key(),
        }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match self {
            Resource::Destination(destination) => destination.kind(),
            Resource::Monitor(monitor) => monitor.kind(),
        }
    }

    /// What it is called.
    pub const fn name(&self) -> &Name {
        match self {
            Resource::Destination(destination) => &destination.name,
            Resource::Monitor(monitor) => &monitor.name,
        }
    }
}

impl Refer for Resource {
    fn each_reference(&self, on_reference: &mut dyn FnMut(Kind, &Reference)) {
        match self {
            Resource::Destination(destination) => destination.each_reference(on_reference),
            Resource::Monitor(monitor) => monitor.each_reference(on_reference),
        }
    }

    fn each_reference_mut(&mut self, on_reference: &mut dyn FnMut(Kind, &mut Reference)) {
        match self {
            Resource::Destination(destination) => destination.each_reference_mut(on_reference),
            Resource::Monitor(monitor) => monitor.each_reference_mut(on_reference),
        }
    }
}

/// The identity of a resource: its kind and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub name: Name,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.name)
    }
}

/// The kinds of resources, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Who sends e-mail.
    EmailAccount,
    /// Who gets it.
    EmailGroup,
    /// Where messages go; after the accounts and groups that an e-mail makes use of.
    Destination,
    /// What is watched; after the destinations that it tells.
    Monitor,
    /// Runs monitors one after another; after those.
    Workflow,
}

impl Kind {
    /// All kinds, in the order in which they are written.
    pub const ALL: [Kind; 5] =
        [Kind::EmailAccount, Kind::EmailGroup, Kind::Destination, Kind::Monitor, Kind::Workflow];

    /// All kinds, in the order in which they are deleted. A monitor goes after the destinations that it told: its mark
    /// may be all that says whose they are, and a run that is killed between the two must be able to tell.
    pub const GONE: [Kind; 5] =
        [Kind::Destination, Kind::EmailGroup, Kind::EmailAccount, Kind::Workflow, Kind::Monitor];

    /// The word after `kind:` in a file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::EmailAccount => "email_account",
            Kind::EmailGroup => "email_group",
            Kind::Destination => "destination",
            Kind::Monitor => "monitor",
            Kind::Workflow => "workflow",
        }
    }

    /// One of them, for a sentence.
    pub fn with_article(self) -> String {
        let article = if matches!(self, Kind::EmailAccount | Kind::EmailGroup) { "an" } else { "a" };
        format!("{article} {self}")
    }

    /// Whether the server keeps it where it keeps monitors; from 2.0 on all else is kept by another plugin.
    pub const fn is_scheduled(self) -> bool {
        matches!(self, Kind::Monitor | Kind::Workflow)
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Kind::ALL.into_iter().find(|kind| kind.as_str() == word);
        found.ok_or_else(|| {
            let words = Kind::ALL.map(Kind::as_str).join(", ");
            format!("no kind is called `{word}`: expected one of {words}")
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
