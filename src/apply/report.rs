//! What became of a plan.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::model::resource::{Key, Kind};
use crate::plan::{Action, Change, Counts};
use crate::source::place::Place;

/// What became of a plan.
#[derive(Debug, Default)]
pub struct Report {
    /// What was done, in the order in which it was.
    pub done: Vec<Done>,
    /// The destinations and channels that were written, with what the server is to list of them.
    pub written: Vec<Written>,
    /// What failed, in the order in which it did.
    pub failed: Vec<Failed>,
    /// What was not begun.
    pub not_tried: Vec<NotTried>,
    /// Why the server's lists could not be seen to show what was written.
    pub unseen: Option<Error>,
}

/// A change that was made.
#[derive(Clone, Debug)]
pub struct Done {
    /// What was done.
    pub action: Action,
    /// To what.
    pub key: Key,
    /// Whether anything had to be written for it.
    pub effect: Effect,
}

/// What carrying a change out came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What the list of channels must show from now on.
    pub listed: Option<Written>,
    /// Whether anything had to be written for it.
    pub effect: Effect,
}

/// Whether anything had to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The server wrote, and refreshed if it was to.
    Written,
    /// It was so already.
    Already,
}

impl Taken {
    /// A write of which no list of channels tells.
    pub const fn unlisted(effect: Effect) -> Self {
        Self { listed: None, effect }
    }
}

/// A destination or a channel that was written, and what the list must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What it is.
    pub key: Key,
    /// Where it is declared, if it is.
    pub place: Option<Place>,
    /// Its id.
    pub config_id: String,
    /// What the list must show of it.
    pub listing: Listing,
}

/// What a list must show of what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// It is there.
    Present,
    /// It is there with another time of writing.
    Rewritten {
        /// The old one, in milliseconds since 1970.
        before: u64,
        /// The one that it had after our write; another one is that of somebody else's.
        after: u64,
    },
    /// It is not there.
    Absent,
}

/// A change that failed.
#[derive(Debug)]
pub struct Failed {
    /// What.
    pub key: Key,
    /// Where it is declared.
    pub place: Option<Place>,
    /// Why.
    pub error: Error,
    /// Whether it was to be made, rather than changed or removed.
    is_creation: bool,
}

/// A change that was not begun.
#[derive(Clone, Debug)]
pub struct NotTried {
    /// What.
    pub key: Key,
    /// Where it is declared.
    pub place: Option<Place>,
    /// Why.
    pub reason: &'static str,
    is_creation: bool,
}

impl NotTried {
    /// Notes that `change` was not begun.
    pub fn of(change: &Change, reason: &'static str) -> Self {
        let is_creation = matches!(change, Change::Create(_));
        Self { key: change.key(), place: change.place().cloned(), reason, is_creation }
    }
}

impl Report {
    /// Whether everything was done.
    pub fn is_success(&self) -> bool {
        self.failed.is_empty() && self.not_tried.is_empty() && self.unseen.is_none()
    }

    /// Whether a write that failed, as far as we know, may have happened.
    pub fn may_have_done_more(&self) -> bool {
        self.failed.iter().any(|failed| failed.error.may_have_happened())
    }

    /// Notes that what was written did not last.
    pub fn undone(&mut self, written: &Written, error: Error) {
        self.done.retain(|done| done.key != written.key);
        let (key, place) = (written.key.clone(), written.place.clone());
        self.failed.push(Failed { key, place, error, is_creation: false });
    }

    /// Notes that what was made, or was to be, is not to be counted on.
    pub fn discount(&mut self, change: &Change, error: Error) {
        let key = change.key();
        self.done.retain(|done| done.key != key);
        self.add(change, Err(error));
    }

    /// Notes that what was to be made was made by another apply of the same files.
    pub fn accept(&mut self, change: &Change) {
        if !self.settled().contains(&change.key()) {
            self.add(change, Ok(Taken::unlisted(Effect::Already)));
        }
    }

    /// That of which it is known what became of it.
    pub fn settled(&self) -> BTreeSet<Key> {
        let failed = self.failed.iter().map(|failed| &failed.key);
        failed.chain(self.done.iter().map(|done| &done.key)).cloned().collect()
    }

    /// Whether a server refused what somebody else had just made.
    pub fn has_met_another(&self) -> bool {
        self.failed.iter().any(|failed| matches!(failed.error, Error::MadeMeanwhile))
    }

    /// How much was written.
    pub fn counts(&self) -> Counts {
        let written = self.done.iter().filter(|done| done.effect == Effect::Written);
        written.map(|done| done.action).collect()
    }

    /// How much was so already, when it was to be written.
    pub fn already(&self) -> usize {
        self.done.iter().filter(|done| done.effect == Effect::Already).count()
    }

    /// Notes what became of one change.
    pub fn add(&mut self, change: &Change, outcome: Result<Taken, Error>) {
        match outcome {
            Ok(Taken { listed, effect }) => {
                self.written.extend(listed);
                self.done.push(Done { action: change.action(), key: change.key(), effect });
            }
            Err(error) => self.failed.push(Failed {
                key: change.key(),
                place: change.place().cloned(),
                error,
                is_creation: matches!(change, Change::Create(_)),
            }),
        }
    }

    /// Whether something is not as it was to be that is of a later kind, and so may refer to those of this one.
    pub fn has_missed_after(&self, kind: Kind) -> bool {
        self.missed().any(|key| key.kind > kind)
    }

    /// What is not as it was to be.
    pub fn missed(&self) -> impl Iterator<Item = &Key> {
        let failed = self.failed.iter().map(|failed| &failed.key);
        failed.chain(self.not_tried.iter().map(|skipped| &skipped.key))
    }

    /// What was to be made and is not there.
    pub fn missing(&self) -> impl Iterator<Item = Key> {
        let failed = self.failed.iter().filter(|failed| failed.is_creation).map(|failed| &failed.key);
        let not_tried =
            self.not_tried.iter().filter(|skipped| skipped.is_creation).map(|skipped| &skipped.key);
        failed.chain(not_tried).cloned()
    }
}
