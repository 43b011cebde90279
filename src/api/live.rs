//! What lives in the cluster, as read in one go: canonical, with the ids of destinations as they are on the wire.

use super::wire::directory::Directory;
use super::wire::ids::Ids;
use super::wire::mark::Mark;
use crate::model::destination::Destination;
use crate::model::json::Json;
use crate::model::monitor::{Monitor, Reference};
use crate::model::name::Name;
use crate::model::resource::{Key, Kind};

/// The destinations of one cluster, or the channels that they are from 2.0 on.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    /// Ordered by name, then id.
    pub live: Vec<LiveDestination>,
    /// What could not be understood; it is left alone.
    pub unreadable: Vec<Unreadable>,
    /// What no file can declare; it is left alone, and `export` names it.
    pub beyond: Vec<Unreadable>,
}

impl Destinations {
    /// Whether there is one with this id, understood or not.
    pub fn has(&self, id: &str) -> bool {
        let others = self.unreadable.iter().chain(&self.beyond);
        self.live.iter().any(|live| live.id == id) || others.into_iter().any(|other| other.id == id)
    }

    /// Which destination has which id.
    pub fn directory(&self) -> Directory {
        Directory::of(self.live.iter().map(|live| (live.id.clone(), live.destination.name.clone())))
    }
}

/// What stands among the monitors of a cluster.
#[derive(Clone, Debug)]
pub enum Found {
    /// A monitor.
    Monitor(Box<LiveMonitor>),
    /// A monitor that could not be understood; it is left alone.
    Unreadable(Unreadable),
    /// What no file can declare: a workflow. It is left alone, and `export` names it.
    Beyond(Unreadable),
}

impl Found {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Found::Monitor(live) => &live.id,
            Found::Unreadable(other) | Found::Beyond(other) => &other.id,
        }
    }

    /// Its name.
    pub const fn name(&self) -> &Name {
        match self {
            Found::Monitor(live) => &live.monitor.name,
            Found::Unreadable(other) | Found::Beyond(other) => &other.name,
        }
    }

    /// The ids of the destinations that it tells.
    pub fn told(&self) -> Vec<&str> {
        match self {
            Found::Monitor(live) => live.monitor.told().filter_map(Reference::id).collect(),
            Found::Unreadable(other) | Found::Beyond(other) => {
                other.told.iter().map(String::as_str).collect()
            }
        }
    }
}

/// A monitor in the cluster.
#[derive(Clone, Debug)]
pub struct LiveMonitor {
    /// Made by the server.
    pub id: String,
    /// Which state of it this is.
    pub revision: Revision,
    /// The monitor, canonical.
    pub monitor: Monitor,
    /// The ids of its triggers and actions.
    pub ids: Ids,
    /// What Dashboards keeps beside it; our mark is not in it.
    pub ui_metadata: Option<Json>,
    /// What we noted when we wrote it.
    pub mark: Option<Mark>,
    /// Pointers to what the server shows of it and we do not know.
    pub unknown: Vec<String>,
}

/// A destination or channel in the cluster.
#[derive(Clone, Debug)]
pub struct LiveDestination {
    /// Made by the server, or chosen by us for a channel.
    pub id: String,
    /// Which state of it this is.
    pub revision: DestinationRevision,
    /// The destination, canonical.
    pub destination: Destination,
}

/// The state of a document, by which a write is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// `_seq_no`.
    pub seq_no: u64,
    /// `_primary_term`.
    pub primary_term: u64,
    /// `_version`: 1 after the creation, one more with each write.
    pub version: u64,
}

/// The state of a destination, by which a write is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestinationRevision {
    /// A destination before 2.0.
    Document {
        /// `seq_no`.
        seq_no: u64,
        /// `primary_term`.
        primary_term: u64,
    },
    /// A channel, whose API knows no guard: `last_updated_time_ms` is compared before writing.
    Channel {
        /// Milliseconds since 1970.
        last_updated_time_ms: u64,
    },
}

/// An object that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Its name, if it has one.
    pub name: Name,
    /// Why.
    pub reason: String,
    /// The ids of the destinations that it tells.
    pub told: Vec<String>,
}

/// Any live resource.
#[derive(Clone, Debug)]
pub enum LiveResource {
    /// A destination or channel.
    Destination(LiveDestination),
    /// A monitor.
    Monitor(Box<LiveMonitor>),
}

impl LiveResource {
    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        match self {
            LiveResource::Destination(live) => {
                Key { kind: Kind::Destination, name: live.destination.name.clone() }
            }
            LiveResource::Monitor(live) => Key { kind: Kind::Monitor, name: live.monitor.name.clone() },
        }
    }

    /// Its id in the cluster.
    pub fn id(&self) -> &str {
        match self {
            LiveResource::Destination(live) => &live.id,
            LiveResource::Monitor(live) => &live.id,
        }
    }
}
