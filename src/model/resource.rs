//! One declared thing of any kind, and how it is told from the others.

use std::fmt;

use super::destination::Destination;
use super::monitor::Monitor;
use super::name::Name;

/// A thing that a file declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Where messages go.
    Destination(Destination),
    /// What is watched.
    Monitor(Monitor),
}

impl Resource {
    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        Key { kind: self.kind(), name: self.name().clone() }
    }

    /// What it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Resource::Destination(_) => Kind::Destination,
            Resource::Monitor(_) => Kind::Monitor,
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
    /// Before the monitors that tell it.
    Destination,
    /// After the destinations that it tells.
    Monitor,
}

impl Kind {
    /// All kinds, in the order in which they are written.
    pub const ALL: [Kind; 2] = [Kind::Destination, Kind::Monitor];

    /// The word after `kind:` in a file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Destination => "destination",
            Kind::Monitor => "monitor",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
