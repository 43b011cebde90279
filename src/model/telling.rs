//! Whom a monitor tells otherwise than before.

use super::monitor::{Monitor, Trigger};
use super::name::Name;
use super::reference::Reference;

/// Whom a trigger, or a monitor by whole triggers that come or go, tells otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling<'m> {
    /// The trigger, by its name of now; none for what comes and goes with whole triggers.
    pub trigger: Option<&'m Name>,
    /// Who is told no longer.
    pub lost: Vec<&'m Reference>,
    /// Who is told that was not.
    pub gained: Vec<&'m Reference>,
}

/// Whom a monitor tells otherwise, trigger by trigger; `before` has the names that its triggers have in `after`.
pub fn tellings<'m>(before: &'m Monitor, after: &'m Monitor) -> Vec<Telling<'m>> {
    let mut tellings = Vec::new();
    for was in &before.triggers {
        if let Some(is) = namesake(was, after) {
            let (lost, gained) = tellings_of(was, is);
            tellings.push(Telling { trigger: Some(&is.name), lost, gained });
        }
    }
    let whole = |one: &'m Monitor, other: &'m Monitor| {
        let alone = one.triggers.iter().filter(|trigger| namesake(trigger, other).is_none());
        beside(alone.flat_map(told).collect(), &other.told().collect::<Vec<_>>())
    };
    tellings.push(Telling { trigger: None, lost: whole(before, after), gained: whole(after, before) });
    tellings.retain(|telling| !(telling.lost.is_empty() && telling.gained.is_empty()));
    tellings
}

/// Whom a trigger tells no longer, and whom it tells that it did not.
pub fn tellings_of<'m>(was: &'m Trigger, is: &'m Trigger) -> (Vec<&'m Reference>, Vec<&'m Reference>) {
    (beside(told(was), &told(is)), beside(told(is), &told(was)))
}

fn namesake<'m>(trigger: &Trigger, monitor: &'m Monitor) -> Option<&'m Trigger> {
    monitor.triggers.iter().find(|other| other.name == trigger.name)
}

fn told(trigger: &Trigger) -> Vec<&Reference> {
    trigger.actions.iter().map(|action| &action.destination).collect()
}

/// Those that are not among the others, each once.
fn beside<'m>(ones: Vec<&'m Reference>, others: &[&Reference]) -> Vec<&'m Reference> {
    let mut beside: Vec<&Reference> = ones.into_iter().filter(|one| !others.contains(one)).collect();
    beside.sort();
    beside.dedup();
    beside
}
