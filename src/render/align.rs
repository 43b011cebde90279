//! Triggers and actions set side by side by their names, on which their ids hang: a change of their order alone must
//! not look like other triggers.

use std::iter;

use super::outline::{Line, Sign};
use crate::api::wire::doc_queries;
use crate::model::monitor::{Monitor, Trigger};
use crate::model::name::Name;
use crate::source::print::print_name;

/// What two states of a monitor say otherwise though it is the same.
#[derive(Debug, Default)]
pub struct Aligned {
    /// The order of triggers and actions that changed, in lines of its own.
    pub moved: Vec<Line>,
    /// The first lines of triggers, actions and queries that are called otherwise, as they were and as they are.
    pub renamed: Vec<(String, String)>,
}

impl Aligned {
    /// Says the same from the later state to the earlier one.
    pub fn turn_round(&mut self) {
        self.moved.reverse();
        for line in &mut self.moved {
            line.sign = match line.sign {
                Sign::Removed => Sign::Added,
                Sign::Added => Sign::Removed,
                Sign::Above => Sign::Above,
            };
        }
        for (was, is) in &mut self.renamed {
            std::mem::swap(was, is);
        }
    }
}

/// The monitor as it was, with its triggers and actions in the order of those with the same names in `after`; and what
/// that hides. `renamed` is the same monitor by the names that are declared now.
pub fn align(before: &Monitor, renamed: &Monitor, after: &Monitor) -> (Monitor, Aligned) {
    let mut aligned = before.clone();
    let of_trigger = |trigger: &Trigger| trigger.name.clone();
    let (order, mut lines) =
        aligned_by("triggers", (&before.triggers, &renamed.triggers, &after.triggers), of_trigger);
    aligned.triggers = order.iter().map(|index| before.triggers[*index].clone()).collect();
    for (trigger, index) in aligned.triggers.iter_mut().zip(order) {
        let renamed = &renamed.triggers[index];
        let Some(after) = after.triggers.iter().find(|after| after.name == renamed.name) else { continue };
        let what = format!("actions of {}", trigger.name);
        let actions = (&*trigger.actions, &*renamed.actions, &*after.actions);
        let (order, moved) = aligned_by(&what, actions, |action| action.name.clone());
        lines.extend(moved);
        trigger.actions = order.iter().map(|index| trigger.actions[*index].clone()).collect();
    }
    (aligned, Aligned { moved: lines, renamed: self::renamed(before, renamed) })
}

/// The lines with names that differ in two states of the same monitor.
fn renamed(before: &Monitor, renamed: &Monitor) -> Vec<(String, String)> {
    let names = |monitor: &Monitor| {
        let triggers = monitor.triggers.iter();
        let parts = triggers.flat_map(|trigger| {
            iter::once(&trigger.name).chain(trigger.actions.iter().map(|action| &action.name))
        });
        let mut names: Vec<String> = parts.map(|name| name.as_str().to_owned()).collect();
        names.extend(doc_queries::ids(monitor).into_iter().map(|(name, _)| name.into()));
        names
    };
    let pairs = names(before).into_iter().zip(names(renamed));
    pairs.filter(|(was, is)| was != is).map(|(was, is)| (print_name(&was), print_name(&is))).collect()
}

/// Where each item comes from, and what is said of it; the items are given as they were, by their new names, and as they
/// are to be.
fn aligned_by<T>(
    what: &str,
    (before, renamed, after): (&[T], &[T], &[T]),
    name: impl Fn(&T) -> Name,
) -> (Vec<usize>, Vec<Line>) {
    let names = |items: &[T]| items.iter().map(&name).collect::<Vec<_>>();
    let (was, now) = (names(renamed), names(after));
    let order = order(&was, &now);
    let lines = moved(what, &names(before), &order, |index| now.contains(&was[index]));
    (order, lines)
}

/// Where each item comes from: those that `after` has too change places among themselves, all others stay.
fn order(before: &[Name], after: &[Name]) -> Vec<usize> {
    let rank = |name: &Name| after.iter().position(|other| other == name);
    let ranks: Vec<Option<usize>> = before.iter().map(rank).collect();
    let mut common: Vec<usize> = (0..before.len()).filter(|index| ranks[*index].is_some()).collect();
    common.sort_by_key(|index| ranks[*index]);
    let mut common = common.into_iter();
    let from = |index: usize| if ranks[index].is_some() { common.next().unwrap_or(index) } else { index };
    (0..before.len()).map(from).collect()
}

/// Says how those that stay change places.
fn moved(what: &str, before: &[Name], order: &[usize], stays: impl Fn(usize) -> bool) -> Vec<Line> {
    if order.is_sorted() {
        return Vec::new();
    }
    let were = (0..before.len()).filter(|index| stays(*index)).map(|index| &before[index]);
    let are = order.iter().filter(|index| stays(**index)).map(|index| &before[*index]);
    let line = |sign, names: &mut dyn Iterator<Item = &Name>| {
        let names: Vec<&str> = names.map(Name::as_str).collect();
        Line { sign, text: format!("# order of {what}: {}", names.join(", ")) }
    };
    vec![line(Sign::Removed, &mut were.into_iter()), line(Sign::Added, &mut are.into_iter())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_change_places_with_their_like_and_others_stay() {
        let before = ["gone", "a", "b", "old"].map(Name::from);
        let after = ["b", "new", "a"].map(Name::from);
        assert_eq!(order(&before, &after), [0, 2, 1, 3]);
        assert_eq!(order(&["a", "a"].map(Name::from), &after), [0, 1]);
    }
}
