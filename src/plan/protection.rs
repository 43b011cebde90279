//! What is protected is not deleted, not disabled, and loses no active alert: by the settings, by its file, or by what
//! its mark in the cluster says, until an apply has taken that away.

use std::collections::BTreeSet;

use super::{Change, Delete, Pair, Plan, Update, ends, limits};
use crate::api::live::{LiveMonitor, LiveResource};
use crate::model::resource::Key;
use crate::source::finding::Finding;

/// Puts in the way of the plan what it would do to what is protected; `listed` are protected by the settings.
pub fn check(plan: &mut Plan, listed: &BTreeSet<Key>) {
    let refused: Vec<Finding> = plan.changes.iter().filter_map(|change| refused(change, listed)).collect();
    plan.problems.extend(refused);
}

fn refused(change: &Change, listed: &BTreeSet<Key>) -> Option<Finding> {
    let harm = harm(change)?;
    let key = change.key();
    let hint = if listed.contains(&key) {
        "take it off `protected` in `alertform.yaml`, in a change of its own"
    } else if is_declared(change) {
        "take away its `protected: true` and apply that first, in a change of its own"
    } else if is_noted(change) {
        "it is protected in the cluster until its file is applied without `protected: true`, and nothing else"
    } else {
        return None;
    };
    let message = format!("{key} is protected, and {harm}");
    Some(Finding { place: change.place().cloned(), message, hint: Some(hint.to_owned()) })
}

/// What a change would do that what is protected does not suffer.
fn harm(change: &Change) -> Option<String> {
    match change {
        Change::Create(_) => None,
        Change::Delete(_) => Some("would be deleted".to_owned()),
        Change::Update(_) if limits::stops(change) => Some("would be disabled".to_owned()),
        Change::Update(_) => {
            let ends = ends::of(change);
            let first = ends.iter().find(|end| end.triggers() > 0)?;
            Some(format!("would lose {first}"))
        }
    }
}

fn is_declared(change: &Change) -> bool {
    matches!(change, Change::Update(update) if update.declaration.protected)
}

fn is_noted(change: &Change) -> bool {
    let is_noted = |live: &LiveMonitor| live.mark.as_ref().is_some_and(|mark| mark.protected);
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
