//! Everything the sandbox knows. All that outlives a restart goes through [`State::change`], so that the journal sees
//! it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::Ids;
use super::index::{Document, Index, Refresh};
use crate::api::line::Line;

/// The state of a sandbox.
#[derive(Clone, Debug)]
pub struct State {
    /// The line whose answers are given.
    pub line: Line,
    /// The cluster's own id, the same for the life of a state.
    pub cluster_uuid: String,
    /// Monitors, destinations, email accounts and groups: `{"monitor": {…}}` and so on, as the servers store them.
    pub config: Index,
    /// Notification channels: `{"metadata": {…}, "config": {…}}`.
    pub channels: Index,
    /// Names of the other indices that were made; their documents are not kept.
    pub indices: BTreeSet<String>,
    /// Cluster settings that were set, by their full names.
    pub settings: BTreeMap<String, Value>,
    /// What time it is.
    pub clock: Clock,
    /// Where ids come from.
    ids: Ids,
    /// What was changed since the journal last asked.
    unsaved: Vec<Change>,
}

/// A clock in milliseconds since 1970.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's.
    System,
    /// One that stands still until it is moved.
    Manual(Arc<AtomicI64>),
}

/// Which of the two indices of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    /// `.opendistro-alerting-config`
    Config,
    /// `.opensearch-notifications-config`
    Channels,
}

/// A change that outlives a restart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// An index of documents was made, still empty.
    Make(Home),
    /// A document was written.
    Put(Home, String, Document),
    /// A document was deleted, by the write of this sequence number.
    Delete(Home, String, u64),
    /// Another index was made.
    MakeIndex(String),
    /// Another index was deleted.
    DeleteIndex(String),
    /// A cluster setting was set, or with null unset.
    Set(String, Value),
}

impl Clock {
    /// Gives the time.
    pub fn now(&self) -> i64 {
        match self {
            Clock::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|passed| i64::try_from(passed.as_millis()).ok())
                .unwrap_or(0),
            Clock::Manual(millis) => millis.load(Ordering::SeqCst),
        }
    }
}

impl State {
    /// The line that a sandbox plays when nobody names one.
    pub const LINE: Line = Line::V2_19;

    /// Makes the state of a fresh cluster, in memory only.
    pub fn new(line: Line, clock: Clock) -> Self {
        let mut ids = Ids::random();
        let cluster_uuid = format!("{}{}", ids.mint(), &ids.mint()[..2]);
        State {
            line,
            cluster_uuid,
            config: Index::default(),
            channels: Index::default(),
            indices: BTreeSet::new(),
            settings: BTreeMap::new(),
            clock,
            ids,
            unsaved: Vec::new(),
        }
    }

    /// Gives the time in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Mints an id.
    pub fn mint_id(&mut self) -> String {
        self.ids.mint()
    }

    /// Gives an index of documents.
    pub const fn index(&self, home: Home) -> &Index {
        match home {
            Home::Config => &self.config,
            Home::Channels => &self.channels,
        }
    }

    /// Writes a document, new or not, and gives it back with its version and sequence number.
    pub fn put(&mut self, home: Home, id: &str, body: Value, refresh: Refresh) -> Document {
        let index = self.index(home);
        let version = index.next_version(id);
        let document = Document { version, seq_no: index.next_seq_no(), body };
        let now = self.now();
        self.index_mut(home).refresh(id, refresh, now);
        self.change(Change::Put(home, id.to_owned(), document.clone()));
        document
    }

    /// Deletes a document, if it is there, and gives the version and sequence number of the deletion.
    pub fn delete(&mut self, home: Home, id: &str, refresh: Refresh) -> (u64, u64) {
        let index = self.index(home);
        let version = index.next_version(id);
        let seq_no = index.next_seq_no();
        let now = self.now();
        self.index_mut(home).refresh(id, refresh, now);
        self.change(Change::Delete(home, id.to_owned(), seq_no));
        (version, seq_no)
    }

    /// Makes a change, and keeps it for the journal.
    pub fn change(&mut self, change: Change) {
        self.apply(change.clone());
        self.unsaved.push(change);
    }

    /// Makes a change that the journal already knows.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Make(home) => self.index_mut(home).exists = true,
            Change::Put(home, id, document) => {
                let seq_no = document.seq_no;
                self.index_mut(home).apply(&id, Some(document), seq_no);
            }
            Change::Delete(home, id, seq_no) => self.index_mut(home).apply(&id, None, seq_no),
            Change::MakeIndex(name) => {
                self.indices.insert(name);
            }
            Change::DeleteIndex(name) => {
                self.indices.remove(&name);
            }
            Change::Set(name, Value::Null) => {
                self.settings.remove(&name);
            }
            Change::Set(name, value) => {
                self.settings.insert(name, value);
            }
        }
    }

    /// Hands over what was changed since this was last asked.
    pub fn take_unsaved(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.unsaved)
    }

    const fn index_mut(&mut self, home: Home) -> &mut Index {
        match home {
            Home::Config => &mut self.config,
            Home::Channels => &mut self.channels,
        }
    }
}
