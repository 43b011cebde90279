//! What a plan would do beyond the limits of a run.

use std::fmt;

use super::{Change, Focus, Pair, Plan, ends};
use crate::model::limits::{Limit, Most};
use crate::plural::count;

/// What a plan would do beyond its limits.
pub fn exceeded(plan: &Plan) -> Vec<Excess> {
    if plan.focus == Focus::Drift {
        // nothing is to be done
        return Vec::new();
    }
    let excess = |(limit, most): (Limit, Most)| {
        let planned = planned(plan, limit);
        let allowed = match most {
            Most::Any => return None,
            Most::Number(number) => number,
            Most::Share(share) => (in_cluster(plan) * usize::from(share)).div_ceil(100),
        };
        (planned > allowed).then_some(Excess {
            limit,
            most,
            allowed,
            planned,
            is_known: plan.active.is_some(),
        })
    };
    plan.limits.each().filter_map(excess).collect()
}

/// A limit that a plan is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excess {
    /// The limit.
    pub limit: Limit,
    /// What it allows, as it is said.
    pub most: Most,
    /// How many that are.
    pub allowed: usize,
    /// How many are planned.
    pub planned: usize,
    /// Whether it is known which alerts are active; else triggers are counted.
    pub is_known: bool,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Excess { limit, most, allowed, planned, is_known } = self;
        let what = match limit {
            Limit::Deletions => count(*planned, "deletion"),
            Limit::Updates => count(*planned, "update"),
            Limit::Disabled => format!("{} that are disabled", count(*planned, "resource")),
            Limit::EndedAlerts if *is_known => format!("{} that end", count(*planned, "active alert")),
            Limit::EndedAlerts => format!("{} whose active alerts end", count(*planned, "trigger")),
        };
        let share = match most {
            Most::Share(_) => format!(", which is {allowed} here"),
            Most::Any | Most::Number(_) => String::new(),
        };
        write!(f, "{what}, and the limit `{}` is {most}{share}", limit.as_str())
    }
}

impl Excess {
    /// What to do about it.
    pub fn hint(&self) -> String {
        format!("`--limit {}={}` allows it for one run", self.limit.as_str(), self.planned)
    }
}

fn planned(plan: &Plan, limit: Limit) -> usize {
    let counts = plan.counts();
    match limit {
        Limit::Deletions => counts.delete,
        Limit::Updates => counts.update,
        Limit::Disabled => plan.changes.iter().filter(|change| stops(change)).count(),
        Limit::EndedAlerts => {
            let ends = plan.changes.iter().flat_map(ends::of);
            match &plan.active {
                Some(active) => ends.map(|end| end.alerts(active)).sum(),
                None => ends.map(|end| end.triggers()).sum(),
            }
        }
    }
}

/// Whether something that runs, or delivers, does so no more, though it stays.
pub fn stops(change: &Change) -> bool {
    match change {
        Change::Create(_) | Change::Delete(_) => false,
        Change::Update(update) => match &update.pair {
            Pair::Monitor { before, after } => before.monitor.enabled && !after.enabled,
            Pair::Destination { before, after } => before.destination.enabled && !after.enabled,
        },
    }
}

/// How many resources the project has in the cluster.
fn in_cluster(plan: &Plan) -> usize {
    let counts = plan.counts();
    plan.unchanged + counts.update + counts.delete + plan.orphans.len()
}
