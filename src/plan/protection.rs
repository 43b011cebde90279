//! What is protected is not deleted, not disabled, and loses no active alert: by the settings, by its file, or by what
//! its mark in the cluster says, until an apply has taken that away.

use std::collections::BTreeSet;

use super::ends::{self, End};
use super::{Change, Delete, Pair, Plan, Update, limits};
use crate::api::live::{LiveMonitor, LiveResource};
use crate::api::wire::config_id;
use crate::model::resource::Key;
use crate::source::finding::Finding;

/// Puts in the way of the plan what it would do to what is protected; `listed` are protected by the settings.
pub fn check(plan: &mut Plan, listed: &BTreeSet<Key>) {
    let is_listed = |change: &Change| {
        // by any name that it has, had, or was made for
        listed.iter().any(|key| {
            *key == change.key()
                || live_key(change).as_ref() == Some(key)
                || id(change) == Some(&*config_id::of(&plan.project, key))
        })
    };
    let refused = plan
        .changes
        .iter()
        .filter_map(|change| refused(change, is_listed(change)).or_else(|| unlisted(change, listed)));
    let refused: Vec<Finding> = refused.collect();
    plan.problems.extend(refused);
}

/// A new name that the list does not have would be a way out of it.
fn unlisted(change: &Change, listed: &BTreeSet<Key>) -> Option<Finding> {
    let (live, key) = (live_key(change)?, change.key());
    if !listed.contains(&live) || listed.contains(&key) {
        return None;
    }
    let message = format!("{live} is protected, and {key} would not be");
    Some(change.finding(message).hint("name it in `protected` in `alertform.yaml` by its new name too"))
}

/// What it is and what it is called in the cluster.
fn live_key(change: &Change) -> Option<Key> {
    match change {
        Change::Create(_) => None,
        Change::Update(update) => Some(match &update.pair {
            Pair::Destination { before, .. } => before.key(),
            Pair::Monitor { before, .. } => before.key(),
        }),
        Change::Delete(delete) => Some(delete.before.key()),
    }
}

fn id(change: &Change) -> Option<&str> {
    match change {
        Change::Create(_) => None,
        Change::Update(update) => Some(update.pair.id()),
        Change::Delete(delete) => Some(delete.before.id()),
    }
}

fn refused(change: &Change, is_listed: bool) -> Option<Finding> {
    let harm = harm(change)?;
    let key = change.key();
    let hint = if is_listed {
        "take it off `protected` in `alertform.yaml`, in a change of its own"
    } else if is_declared(change) {
        "take away its `protected: true` and apply that first, in a change of its own"
    } else if is_noted(change) {
        "apply its file without `protected: true` first, in a change of its own"
    } else {
        return None;
    };
    let message = format!("{key} is protected, and {harm}");
    Some(change.finding(message).hint(hint))
}

/// What a change would do that what is protected does not suffer.
fn harm(change: &Change) -> Option<String> {
    match change {
        Change::Create(_) => None,
        Change::Delete(_) => Some("would be deleted".to_owned()),
        Change::Update(_) if limits::stops(change) => Some("would be disabled".to_owned()),
        Change::Update(_) => {
            let ends = ends::of(change);
            ends.iter().find_map(|end| match end {
                End::Alerts { trigger, .. } => {
                    Some(format!("would lose trigger `{trigger}` with whatever alerts it has"))
                }
                End::AllAlerts { .. } | End::Throttle { .. } | End::Keystore { .. } => None,
            })
        }
    }
}

/// Whether a change takes away the protection that the mark notes.
pub fn is_taken_away(change: &Change) -> bool {
    matches!(change, Change::Update(_)) && is_noted(change) && !is_declared(change)
}

fn is_declared(change: &Change) -> bool {
    matches!(change, Change::Update(update) if update.declaration.protected)
}

fn is_noted(change: &Change) -> bool {
    let is_noted = LiveMonitor::is_protected;
    match change {
        Change::Create(_) => false,
        Change::Update(update) => match &**update {
            Update { pair: Pair::Monitor { before, .. }, .. } => is_noted(before),
            Update { pair: Pair::Destination { .. }, .. } => false,
        },
        Change::Delete(delete) => match &**delete {
            Delete { before: LiveResource::Monitor(before) } => is_noted(before),
            Delete { before: LiveResource::Destination(_) } => false,
        },
    }
}
