//! Triggers and actions set side by side by their names, on which their ids hang: a change of their order alone must
//! not look like other triggers.

use super::outline::{Line, Sign};
use crate::model::monitor::Monitor;
use crate::model::name::Name;

/// The monitor as it was, with its triggers and actions in the order of those with the same names in `after`; and what
/// changes in that order. `renamed` is the same monitor by the names that are declared now.
pub fn align(before: &Monitor, renamed: &Monitor, after: &Monitor) -> (Monitor, Vec<Line>) {
    let mut aligned = before.clone();
    let order = order(&names(renamed), &names(after));
    let mut lines = moved("triggers", &names(before), &order);
    aligned.triggers = order.iter().map(|index| before.triggers[*index].clone()).collect();
    for (trigger, index) in aligned.triggers.iter_mut().zip(order) {
        let renamed = &renamed.triggers[index];
        let Some(after) = after.triggers.iter().find(|after| after.name == renamed.name) else { continue };
        let actions = |trigger: &crate::model::monitor::Trigger| -> Vec<Name> {
            trigger.actions.iter().map(|action| action.name.clone()).collect()
        };
        let order = self::order(&actions(renamed), &actions(after));
        lines.extend(moved(&format!("actions of {}", trigger.name), &actions(trigger), &order));
        trigger.actions = order.iter().map(|index| trigger.actions[*index].clone()).collect();
    }
    (aligned, lines)
}

fn names(monitor: &Monitor) -> Vec<Name> {
    monitor.triggers.iter().map(|trigger| trigger.name.clone()).collect()
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

fn moved(what: &str, before: &[Name], order: &[usize]) -> Vec<Line> {
    if order.is_sorted() {
        return Vec::new();
    }
    let line = |sign, names: &mut dyn Iterator<Item = &Name>| {
        let names: Vec<&str> = names.map(Name::as_str).collect();
        Line { sign, text: format!("# order of {what}: {}", names.join(", ")) }
    };
    vec![
        line(Sign::Removed, &mut before.iter()),
        line(Sign::Added, &mut order.iter().map(|index| &before[*index])),
    ]
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
