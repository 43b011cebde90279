//! What a reviewer must not miss: what stops alerts from being raised or heard, or undoes what somebody did.

use std::fmt;

use super::drift::{self, Mover};
use super::{Change, Focus, Pair, Plan, ends, protection};
use crate::model::destination::{Destination, Target};
use crate::model::monitor::Monitor;
use crate::model::reference::Reference;
use crate::model::telling::tellings;
use crate::one_line::one_line;

/// What a change puts at risk, the worst first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Alerts end that are active.
    EndsAlerts,
    /// It goes.
    Goes,
    /// A monitor or a workflow runs no more.
    Stops,
    /// A destination delivers no more.
    Mutes,
    /// A destination, an account or a group leads elsewhere.
    Diverts,
    /// Somebody is told no longer.
    Loses(Reference),
    /// Somebody is told that was not.
    Gains(Reference),
    /// A trigger has another severity.
    Severity(String, String),
    /// It is protected no longer.
    Unprotects,
    /// What somebody changed in the cluster is lost.
    Overwrites,
    /// What somebody may have changed in the cluster is lost.
    MayOverwrite,
}

impl fmt::Display for Risk {
    /// What is said of those that it is about.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Risk::EndsAlerts => f.write_str("ends active alerts"),
            Risk::Goes => f.write_str("deleted"),
            Risk::Stops => f.write_str("runs no more"),
            Risk::Mutes => f.write_str("delivers no more"),
            Risk::Diverts => f.write_str("leads elsewhere"),
            Risk::Loses(told) => write!(f, "no longer tells `{}`", one_line(told.as_str())),
            Risk::Gains(told) => write!(f, "tells `{}` anew", one_line(told.as_str())),
            Risk::Severity(was, is) => write!(f, "severity {} -> {}", one_line(was), one_line(is)),
            Risk::Unprotects => f.write_str("no longer protected"),
            Risk::Overwrites => f.write_str("overwrites what was changed in the cluster"),
            Risk::MayOverwrite => f.write_str("may overwrite what was changed in the cluster"),
        }
    }
}

/// What a change puts at risk; where drift is asked for what somebody did put at risk. In order, each once.
pub fn of(plan: &Plan, change: &Change) -> Vec<Risk> {
    let mut risks = match (plan.focus, change) {
        (Focus::Drift, Change::Create(_)) | (Focus::All, Change::Delete(_)) => vec![Risk::Goes],
        (Focus::All, Change::Create(_)) | (Focus::Drift, Change::Delete(_)) => Vec::new(),
        (Focus::Drift, Change::Update(update)) => match &update.pair {
            Pair::Destination { before, after } => of_destination(after, &before.destination),
            Pair::Monitor { before, after } => of_monitor(after, &before.monitor),
        },
        (Focus::All, Change::Update(update)) => match &update.pair {
            Pair::Destination { before, after } => of_destination(&before.destination, after),
            Pair::Monitor { before, after } => {
                of_monitor(&update.declaration.previous.renamed(&before.monitor, after), after)
            }
        },
    };
    if plan.focus == Focus::All {
        let active = plan.active.as_ref();
        let ends = |active| ends::of(change).iter().any(|end| end.alerts(active) > 0);
        risks.extend(active.is_some_and(ends).then_some(Risk::EndsAlerts));
        risks.extend(protection::is_taken_away(change).then_some(Risk::Unprotects));
        let moved = drift::of(plan, change).map(|drift| drift.moved).unwrap_or_default();
        risks.extend(moved.iter().filter_map(|(_, by)| match by {
            Mover::Cluster | Mover::Both => Some(Risk::Overwrites),
            Mover::Unknown => Some(Risk::MayOverwrite),
            Mover::Files => None,
        }));
    }
    risks.sort();
    risks.dedup();
    if risks.contains(&Risk::Overwrites) {
        risks.retain(|risk| *risk != Risk::MayOverwrite);
    }
    risks
}

/// `before` has the names that its triggers have in `after`.
fn of_monitor(before: &Monitor, after: &Monitor) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.enabled && !after.enabled {
        risks.push(Risk::Stops);
    }
    for telling in tellings(before, after) {
        risks.extend(telling.lost.into_iter().cloned().map(Risk::Loses));
        risks.extend(telling.gained.into_iter().cloned().map(Risk::Gains));
    }
    for was in &before.triggers {
        let is = after.triggers.iter().find(|after| after.name == was.name);
        if let Some(is) = is.filter(|is| is.severity != was.severity) {
            risks.push(Risk::Severity(was.severity.clone(), is.severity.clone()));
        }
    }
    risks
}

fn of_destination(before: &Destination, after: &Destination) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.enabled && !after.enabled {
        risks.push(Risk::Mutes);
    }
    let leads_elsewhere = match (&before.target, &after.target) {
        // a rotated token leads where the old one did
        (Target::CustomWebhook(was), Target::CustomWebhook(is)) => was.endpoint != is.endpoint,
        (was, is) => was != is,
    };
    risks.extend(leads_elsewhere.then_some(Risk::Diverts));
    risks
}
