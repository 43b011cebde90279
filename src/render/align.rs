//! Triggers and actions set side by side by their names, on which their ids hang: a change of their order alone must
//! not look like other triggers.

use super::outline::{Line, Sign};
use crate::model::monitor::{Action, Monitor, Trigger};
use crate::model::name::Name;

/// The monitor as it was, with its triggers and actions in the order of those with the same names in `after`; and what
/// changes in that order.
pub fn align(before: Monitor, after: &Monitor) -> (Monitor, Vec<Line>) {
    let mut lines = Vec::new();
    let order_before: Vec<Name> = names(&before.triggers, |trigger| &trigger.name);
    let mut aligned = before;
    aligned.triggers = in_order(aligned.triggers, &after.triggers, |trigger: &Trigger| &trigger.name);
    lines.extend(moved("triggers", &order_before, &names(&aligned.triggers, |trigger| &trigger.name)));
    for trigger in &mut aligned.triggers {
        if let Some(after) = after.triggers.iter().find(|after| after.name == trigger.name) {
            let order_before = names(&trigger.actions, |action| &action.name);
            let actions = std::mem::take(&mut trigger.actions);
            trigger.actions = in_order(actions, &after.actions, |action: &Action| &action.name);
            let order = names(&trigger.actions, |action| &action.name);
            lines.extend(moved(&format!("actions of {}", trigger.name), &order_before, &order));
        }
    }
    (aligned, lines)
}

fn names<T>(items: &[T], name: impl Fn(&T) -> &Name) -> Vec<Name> {
    items.iter().map(|item| name(item).clone()).collect()
}

/// Those items that `after` has too change places among themselves; all others stay where they are.
fn in_order<T>(before: Vec<T>, after: &[T], name: impl Fn(&T) -> &Name) -> Vec<T> {
    let rank = |item: &T| after.iter().position(|other| name(other) == name(item));
    let ranks: Vec<Option<usize>> = before.iter().map(rank).collect();
    let (mut common, others): (Vec<_>, Vec<_>) =
        before.into_iter().zip(&ranks).partition(|(_, rank)| rank.is_some());
    common.sort_by_key(|(_, rank)| **rank);
    let (mut common, mut others) = (common.into_iter(), others.into_iter());
    let next = ranks.iter().filter_map(|rank| if rank.is_some() { common.next() } else { others.next() });
    next.map(|(item, _)| item).collect()
}

fn moved(what: &str, before: &[Name], after: &[Name]) -> Vec<Line> {
    if before == after {
        return Vec::new();
    }
    let line = |sign, names: &[Name]| {
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        Line { sign, text: format!("# order of {what}: {}", names.join(", ")) }
    };
    vec![line(Sign::Removed, before), line(Sign::Added, after)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_change_places_with_their_like_and_others_stay() {
        let name = |name: &Name| name.clone();
        let before = ["gone", "a", "b", "old"].map(Name::from).to_vec();
        let after = ["b", "new", "a"].map(Name::from);
        let ordered: Vec<Name> = in_order(before, &after, |item| item).iter().map(name).collect();
        assert_eq!(ordered, ["gone", "b", "a", "old"].map(Name::from));
        let twice = ["a", "a"].map(Name::from).to_vec();
        assert_eq!(in_order(twice.clone(), &after, |item| item), twice);
    }
}
