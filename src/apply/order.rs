//! In which order changes are made: each needs those before it, and the server wants one to go ahead and one to come
//! last.

use super::step::is_indexed;
use crate::api::write::Refresh;
use crate::model::resource::Kind;
use crate::plan::{Change, Plan};

/// The groups in which changes are made; each needs those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Those of a kind made and changed, which those of later kinds refer to.
    Made(Kind),
    /// Those of a kind deleted.
    Gone(Kind),
}

/// Changes that may be made side by side.
pub struct Step<'p> {
    /// The changes, in the order of the plan.
    pub changes: Vec<&'p Change>,
    /// When searches find them.
    pub refresh: Refresh,
    /// Whether somebody else's work is to be looked for before anything else is begun.
    pub goes_ahead: bool,
}

impl Phase {
    /// All phases, in order.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        Kind::ALL.into_iter().map(Phase::Made).chain(Kind::GONE.into_iter().map(Phase::Gone))
    }

    fn of(change: &Change) -> Self {
        let kind = change.key().kind;
        match change {
            Change::Create(_) | Change::Update(_) => Phase::Made(kind),
            Change::Delete(_) => Phase::Gone(kind),
        }
    }
}

/// The changes of a phase, in the order of the plan.
pub fn changes(plan: &Plan, phase: Phase) -> impl Iterator<Item = &Change> {
    plan.changes.iter().filter(move |change| Phase::of(change) == phase)
}

/// The last write to the index in which a refresh counts.
pub fn last_in_index(plan: &Plan) -> Option<&Change> {
    let mut phases = Phase::all().rev();
    phases.find_map(|phase| changes(plan, phase).filter(|change| is_indexed(change, plan.line)).last())
}

/// The steps in which changes of one phase are made.
///
/// What is made first goes ahead: on a fresh cluster four first writes at once all make the index, and one of them fails;
/// and two applies at once see each other before they have made everything twice. The write that is to be found at once, `last`,
/// goes when all others are done.
pub fn steps<'p>(mut changes: Vec<&'p Change>, last: Option<&Change>) -> [Step<'p>; 3] {
    let last = changes.pop_if(|change| last.is_some_and(|last| std::ptr::eq(last, *change)));
    if let Some(first) = changes.iter().position(|change| is_creation(change)) {
        changes[..=first].rotate_right(1);
    }
    let rest = changes.split_off(changes.len().min(1));
    let is_made = changes.iter().all(|change| is_creation(change));
    let goes_ahead = is_made && rest.iter().chain(&last).any(|change| is_creation(change));
    let first = if goes_ahead { Refresh::Now } else { Refresh::Later };
    [
        Step { changes, refresh: first, goes_ahead },
        Step { changes: rest, refresh: Refresh::Later, goes_ahead: false },
        Step { changes: last.into_iter().collect(), refresh: Refresh::Now, goes_ahead: false },
    ]
}

/// Whether a change makes something new.
pub const fn is_creation(change: &Change) -> bool {
    matches!(change, Change::Create(_))
}
