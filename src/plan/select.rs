//! The part of a plan that a selection is about. What that part needs is in it too; what it would leave dangling is not.

use std::collections::BTreeSet;

use super::{Change, LeftOut, Owner, Plan};
use crate::api::live::LiveResource;
use crate::model::resource::Key;
use crate::model::selection::{Selection, Subject};
use crate::source::declared::Declaration;
use crate::source::finding::Finding;

/// Whether a selection is about a declared resource.
pub fn is_declared_selected(selection: &Selection, declaration: &Declaration) -> bool {
    let files = declaration.files();
    let key = declaration.resource.key();
    selection.selects(Subject { key: &key, labels: &declaration.labels, files: &files })
}

impl Plan {
    /// Leaves out what is not selected, and gives back how much of the plan is.
    pub fn select(&mut self, selection: &Selection) -> usize {
        let bare = |key: &Key| selection.selects(Subject { key, labels: &[], files: &[] });
        self.orphans.retain(|orphan| bare(&orphan.key));
        // they tell of the rest as well
        self.notices.clear();
        let changes = std::mem::take(&mut self.changes);
        let mut is_in: Vec<bool> = changes
            .iter()
            .map(|change| match change {
                Change::Create(create) => is_declared_selected(selection, &create.after),
                Change::Update(update) => is_declared_selected(selection, &update.declaration),
                Change::Delete(delete) => bare(&delete.before.key()),
            })
            .collect();
        self.take_in_what_is_needed(&changes, &mut is_in);
        leave_out_what_is_used(&changes, &mut is_in);
        self.warn_of_lost_witnesses(&changes, &is_in);
        for (change, is_in) in changes.into_iter().zip(is_in) {
            if is_in {
                self.changes.push(change);
                continue;
            }
            if let Change::Update(update) = &change
                && update.owner != Owner::Ours
            {
                // nobody agrees that it becomes the project's
                self.owned.remove(&change.key());
            }
            self.left_out.push((change.key(), LeftOut::Unselected));
        }
        self.changes.len() + self.orphans.len()
    }

    /// What a selected resource refers to, and is not there yet, comes with it.
    fn take_in_what_is_needed(&mut self, changes: &[Change], is_in: &mut [bool]) {
        loop {
            let selected = changes.iter().zip(&*is_in).filter(|(_, is_in)| **is_in);
            let needed: BTreeSet<Key> = selected.flat_map(|(change, _)| change.needs()).collect();
            let is_needed = |index: &usize| {
                let change = &changes[*index];
                !is_in[*index] && matches!(change, Change::Create(_)) && needed.contains(&change.key())
            };
            let more: Vec<usize> = (0..changes.len()).filter(is_needed).collect();
            if more.is_empty() {
                return;
            }
            for index in more {
                is_in[index] = true;
                let message =
                    format!("{} is made too, since what is selected needs it", changes[index].key());
                self.warnings.push(changes[index].finding(message).hint("select it too"));
            }
        }
    }
}

impl Plan {
    /// A destination without a sign of its own is the project's by the marks of monitors, and nobody's when they are gone.
    fn warn_of_lost_witnesses(&mut self, changes: &[Change], is_in: &[bool]) {
        let deletes = changes.iter().zip(is_in).filter_map(|(change, is_in)| match change {
            Change::Delete(delete) => Some((&delete.before, *is_in)),
            Change::Create(_) | Change::Update(_) => None,
        });
        let (gone, left): (Vec<_>, Vec<_>) = deletes.partition(|(_, is_in)| *is_in);
        for (destination, _) in left {
            let names = |live: &LiveResource| match live {
                LiveResource::Monitor(live) => {
                    live.mark.iter().any(|mark| mark.destinations.iter().any(|id| id == destination.id()))
                }
                LiveResource::Destination(_) => false,
            };
            if let Some((monitor, _)) = gone.iter().find(|(live, _)| names(live)) {
                let message = format!(
                    "{} may be no longer known for the project's without {}",
                    destination.key(),
                    monitor.key()
                );
                let hint = "select both, so that both are deleted";
                self.warnings.push(Finding { place: None, message, hint: Some(hint.to_owned()) });
            }
        }
    }
}

/// What is left out goes on as it is in the cluster, so that what it refers to must stay.
fn leave_out_what_is_used(changes: &[Change], is_in: &mut [bool]) {
    loop {
        let left = changes.iter().zip(&*is_in).filter(|(_, is_in)| !**is_in);
        let used: BTreeSet<Key> = left.flat_map(|(change, _)| change.uses()).collect();
        let is_used = |index: &usize| {
            let change = &changes[*index];
            is_in[*index] && matches!(change, Change::Delete(_)) && used.contains(&change.key())
        };
        let more: Vec<usize> = (0..changes.len()).filter(is_used).collect();
        if more.is_empty() {
            return;
        }
        for index in more {
            is_in[index] = false;
        }
    }
}
