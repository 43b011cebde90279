//! What lives in the cluster, as read in one go: canonical, with ids as they are on the wire.

use std::collections::HashMap;

use serde_json::Value;

use super::wire::flaw::Flaw;
use super::wire::ids::Ids;
use super::wire::mark::Mark;
use super::wire::monitor::Times;
use super::wire::notice::Notice;
use crate::model::destination::Destination;
use crate::model::json::Json;
use crate::model::monitor::Monitor;
use crate::model::name::Name;
use crate::model::reference::ids_of;
use crate::model::resource::{Key, Kind};

/// The destinations of one cluster with what e-mail makes use of, or the channels that they are from 2.0 on.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    /// Ordered by kind, name, then id.
    pub live: Vec<LiveDestination>,
    /// What could not be understood; it is left alone.
    pub unreadable: Vec<Unreadable>,
    /// The kinds of which the server lists none to this user, and its reason.
    pub hidden: Vec<(Kind, String)>,
}

impl Destinations {
    /// Whether there is one of a kind with this id, understood or not.
    pub fn has(&self, kind: Kind, id: &str) -> bool {
        self.live.iter().any(|live| live.id == id && live.destination.kind() == kind)
            || self.unreadable.iter().any(|other| other.id == id)
    }

    /// The ids of what each e-mail makes use of, by its own.
    pub fn relays(&self) -> HashMap<&str, Vec<String>> {
        let relays = self.live.iter().map(|live| (live.id.as_str(), ids_of(&live.destination)));
        relays.filter(|(_, ids)| !ids.is_empty()).collect()
    }
}

impl LiveDestination {
    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        self.destination.key()
    }
}

impl LiveMonitor {
    /// Whether its mark says that it is protected.
    pub fn is_protected(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.protected)
    }

    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        self.monitor.key()
    }
}

/// What stands among the monitors of a cluster.
#[derive(Clone, Debug)]
pub enum Found {
    /// A monitor or a workflow.
    Monitor(Box<LiveMonitor>),
    /// One that could not be understood; it is left alone.
    Unreadable(Unreadable),
    /// No monitor at all: what an apply is about to make, or was when it was killed.
    Notice {
        /// Its id.
        id: String,
        /// What it says.
        notice: Notice,
    },
}

impl Found {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Found::Monitor(live) => &live.id,
            Found::Unreadable(other) => &other.id,
            Found::Notice { id, .. } => id,
        }
    }

    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        match self {
            Found::Monitor(live) => live.key(),
            Found::Unreadable(other) => Key { kind: other.kind, name: other.name.clone() },
            // nobody declares it
            Found::Notice { id, .. } => Key { kind: Kind::Monitor, name: id.as_str().into() },
        }
    }

    /// The ids of what it refers to: the destinations that it tells, the monitors that it runs.
    pub fn told(&self) -> Vec<String> {
        match self {
            Found::Monitor(live) => ids_of(&live.monitor),
            Found::Unreadable(other) => other.told.clone(),
            Found::Notice { .. } => Vec::new(),
        }
    }
}

/// A monitor or workflow in the cluster.
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
    /// What Dashboards keeps beside it, of a workflow nothing; our mark is not in it.
    pub ui_metadata: Option<Json>,
    /// What we noted when we wrote it.
    pub mark: Option<Mark>,
    /// Who wrote it last, where the server says so: Open Distro with the security plugin does.
    pub written_by: Option<String>,
    /// Pointers to what the server shows of it and we do not know.
    pub unknown: Vec<String>,
}

/// A destination or channel in the cluster, or an account or group before 2.0.
#[derive(Clone, Debug)]
pub struct LiveDestination {
    /// Made by the server, or chosen by us for a channel.
    pub id: String,
    /// Which state of it this is.
    pub revision: DestinationRevision,
    /// The destination, canonical.
    pub destination: Destination,
    /// Pointers to what the server shows of it and we do not know.
    pub unknown: Vec<String>,
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
    /// When it was written.
    pub times: Times,
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

/// All texts in a document: of one that could not be understood any may be the id of what it refers to.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
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
    /// The ids of what it refers to.
    pub told: Vec<String>,
}

impl Unreadable {
    /// What stands in a document that has a flaw.
    pub fn of(kind: Kind, id: &str, document: &Value, flaw: &Flaw) -> Self {
        Self {
            kind,
            id: id.to_owned(),
            name: Name::new(document.get("name").and_then(Value::as_str).unwrap_or_default()),
            reason: format!("{} at `{}`", flaw.message, flaw.pointer),
            told: texts(document),
        }
    }
}

/// How many alerts are active, by the monitor or workflow and the trigger that they are of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActiveAlerts(HashMap<String, HashMap<String, usize>>);

impl ActiveAlerts {
    /// Counts one.
    pub fn add(&mut self, monitor: String, trigger: String) {
        *self.0.entry(monitor).or_default().entry(trigger).or_default() += 1;
    }

    /// How many a trigger has.
    pub fn of_trigger(&self, monitor: &str, trigger: &str) -> usize {
        self.0.get(monitor).and_then(|triggers| triggers.get(trigger)).copied().unwrap_or_default()
    }

    /// How many all triggers of a monitor have.
    pub fn of_monitor(&self, monitor: &str) -> usize {
        self.0.get(monitor).into_iter().flat_map(HashMap::values).sum()
    }
}

/// Any live resource.
#[derive(Clone, Debug)]
pub enum LiveResource {
    /// A destination or channel, an account or a group.
    Destination(LiveDestination),
    /// A monitor or workflow.
    Monitor(Box<LiveMonitor>),
}

impl LiveResource {
    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        match self {
            LiveResource::Destination(live) => live.key(),
            LiveResource::Monitor(live) => live.key(),
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
