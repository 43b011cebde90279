//! What a reviewer must not miss: what stops alerts from being raised or heard, or undoes what somebody did.

use std::fmt;

use super::drift::{self, Mover};
use super::{Change, Focus, Pair, Plan, ends, protection};
use crate::api::wire::doc_queries;
use crate::model::comparison;
use crate::model::destination::{Destination, Target};
use crate::model::monitor::{Action, Input, Monitor, Trigger};
use crate::model::schedule::Schedule;
use crate::model::telling::tellings;
use crate::one_line::one_line;
use crate::source::duration;

/// What a change puts at risk, the worst first; the text says of what, where there is more than one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Risk {
    /// What happens.
    pub kind: Kind,
    /// To what of it: a destination, a trigger, a severity before and after.
    pub detail: Option<String>,
}

/// What may happen that a reviewer must not miss, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Alerts end that are active.
    EndsAlerts,
    /// It goes.
    Goes,
    /// It is not there, though it is declared.
    Missing,
    /// A monitor or a workflow runs no more.
    Stops,
    /// A destination delivers no more.
    Mutes,
    /// A destination, an account or a group leads elsewhere.
    Diverts,
    /// Somebody is told no longer.
    Loses,
    /// A trigger goes.
    DropsTrigger,
    /// A workflow runs a monitor no longer.
    DropsMonitor,
    /// What somebody deleted in the cluster is made again.
    Revives,
    /// What somebody changed in the cluster is lost.
    Overwrites,
    /// What somebody may have changed in the cluster is lost.
    MayOverwrite,
    /// A condition that could hold never does.
    Never,
    /// A condition holds where it did not, and does not where it did.
    TurnsRound,
    /// A condition compares with ten times as much, or a tenth.
    Leaps,
    /// A document-level monitor looks for something no longer.
    DropsQuery,
    /// It searches other indices.
    SearchesElsewhere,
    /// It runs a quarter as often, or less.
    RunsRarely,
    /// An action is throttled four times as long, or longer.
    TellsRarely,
    /// A trigger is less severe.
    Lowers,
    /// A trigger is more severe, or of a severity that is no number.
    Raises,
    /// It is protected no longer.
    Unprotects,
    /// Somebody is told that was not.
    Gains,
}

impl Kind {
    /// What is said of those that it happens to.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::EndsAlerts => "ends active alerts",
            Kind::Goes => "deleted",
            Kind::Missing => "missing",
            Kind::Stops => "runs no more",
            Kind::Mutes => "delivers no more",
            Kind::Diverts => "leads elsewhere",
            Kind::Loses => "no longer tells",
            Kind::DropsTrigger => "loses a trigger",
            Kind::DropsMonitor => "no longer runs",
            Kind::Revives => "deleted in the cluster, and made again",
            Kind::Overwrites => "overwrites what was changed in the cluster",
            Kind::MayOverwrite => "may overwrite what was changed in the cluster",
            Kind::Never => "can fire no more",
            Kind::TurnsRound => "condition turned round",
            Kind::Leaps => "threshold tenfold, or a tenth",
            Kind::DropsQuery => "loses a document query",
            Kind::SearchesElsewhere => "searches other indices",
            Kind::RunsRarely => "runs more rarely",
            Kind::TellsRarely => "tells more rarely",
            Kind::Lowers => "severity lowered",
            Kind::Raises => "severity changed",
            Kind::Unprotects => "no longer protected",
            Kind::Gains => "tells anew",
        }
    }
}

impl From<Kind> for Risk {
    fn from(kind: Kind) -> Self {
        Self { kind, detail: None }
    }
}

impl Kind {
    fn of(self, detail: impl Into<String>) -> Risk {
        Risk { kind: self, detail: Some(detail.into()) }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        match &self.detail {
            Some(detail) => write!(f, " {detail}"),
            None => Ok(()),
        }
    }
}

/// What a change puts at risk; where drift is asked for what somebody did put at risk. In order, each once.
pub fn of(plan: &Plan, change: &Change) -> Vec<Risk> {
    let mut risks = match (plan.focus, change) {
        (Focus::All, Change::Delete(_)) => vec![Kind::Goes.into()],
        (Focus::Drift, Change::Create(_)) => vec![Kind::Missing.into()],
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
        risks.extend(active.is_some_and(ends).then_some(Kind::EndsAlerts.into()));
        risks.extend(protection::is_taken_away(change).then_some(Kind::Unprotects.into()));
        let drift = drift::of(plan, change);
        let is_revived = drift.as_ref().is_some_and(|drift| drift.still_used_by.is_some());
        risks.extend(is_revived.then_some(Kind::Revives.into()));
        let moved = drift.map(|drift| drift.moved).unwrap_or_default();
        let overwritten = moved.iter().filter_map(|(_, by)| match by {
            Mover::Cluster | Mover::Both => Some(Kind::Overwrites),
            Mover::Unknown => Some(Kind::MayOverwrite),
            Mover::Files => None,
        });
        // what is certain comes first
        risks.extend(overwritten.min().map(Risk::from));
    }
    risks.sort();
    risks.dedup();
    risks
}

/// `before` has the names that its triggers have in `after`.
fn of_monitor(before: &Monitor, after: &Monitor) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.enabled && !after.enabled {
        risks.push(Kind::Stops.into());
    }
    if let (Some(was), Some(is)) = (seconds(&before.schedule), seconds(&after.schedule))
        && is >= 4 * was
    {
        risks.push(Kind::RunsRarely.into());
    }
    let quoted = |name: &str| format!("`{}`", one_line(name));
    for telling in tellings(before, after) {
        risks.extend(telling.lost.into_iter().map(|told| Kind::Loses.of(quoted(told.as_str()))));
        risks.extend(telling.gained.into_iter().map(|told| Kind::Gains.of(quoted(told.as_str()))));
    }
    for was in &before.triggers {
        let Some(is) = after.triggers.iter().find(|after| after.name == was.name) else {
            risks.push(Kind::DropsTrigger.of(quoted(was.name.as_str())));
            continue;
        };
        if is_never(is) && !is_never(was) {
            risks.push(Kind::Never.of(quoted(is.name.as_str())));
        }
        risks.extend(of_condition(was, is));
        for was in &was.actions {
            let is = is.actions.iter().find(|is| is.name == was.name);
            let minutes = |action: &Action| action.throttle.map_or(0, |throttle| throttle.minutes);
            if let Some(is) = is
                && minutes(was) > 0
                && minutes(is) / 4 >= minutes(was)
            {
                risks.push(Kind::TellsRarely.of(quoted(is.name.as_str())));
            }
        }
        if is.severity != was.severity {
            let numbers = (was.severity.parse::<u32>(), is.severity.parse::<u32>());
            let kind =
                if matches!(numbers, (Ok(was), Ok(is)) if is > was) { Kind::Lowers } else { Kind::Raises };
            risks.push(kind.of(format!("{} -> {}", one_line(&was.severity), one_line(&is.severity))));
        }
    }
    let indices = |monitor: &Monitor| -> Vec<String> {
        monitor.inputs.iter().flat_map(Input::indices).cloned().collect()
    };
    if indices(before) != indices(after) {
        risks.push(Kind::SearchesElsewhere.into());
    }
    if let (Some((_, were)), Some((_, are))) =
        (doc_queries::named(&before.inputs), doc_queries::named(&after.inputs))
    {
        let gone = were.iter().filter(|(name, _)| are.iter().all(|(other, _)| other != name));
        risks.extend(gone.map(|(name, _)| Kind::DropsQuery.of(quoted(name))));
    }
    let delegates = |monitor: &Monitor| -> Vec<String> {
        let delegates = monitor.inputs.iter().flat_map(Input::delegates);
        delegates.map(|delegate| quoted(delegate.monitor.as_str())).collect()
    };
    let kept = delegates(after);
    let gone = delegates(before).into_iter().filter(|delegate| !kept.contains(delegate));
    risks.extend(gone.map(|delegate| Kind::DropsMonitor.of(delegate)));
    risks
}

/// What the one comparison in which two conditions differ puts at risk.
fn of_condition(was: &Trigger, is: &Trigger) -> Option<Risk> {
    let (was, script) = (was.script()?, is.script()?);
    let (was, now) = comparison::differing(&was, &script)?;
    // no more than operators and numbers is quoted: what else is compared may be a secret that nobody fills in any more
    let (kind, before, after) =
        match (comparison::is_turned_round(was, now), comparison::is_tenfold(was, now)) {
            (true, _) => (Kind::TurnsRound, was.operator, now.operator),
            (false, true) => (Kind::Leaps, was.right, now.right),
            (false, false) => return None,
        };
    Some(kind.of(format!("of `{}` `{before}` -> `{after}`", one_line(is.name.as_str()))))
}

/// Whether a condition never holds.
fn is_never(trigger: &Trigger) -> bool {
    let is_false = |script: String| ["false", "return false"].contains(&script.trim().trim_end_matches(';'));
    trigger.script().is_some_and(is_false)
}

/// How long it is from one run to the next, about, where that can be told.
fn seconds(schedule: &Schedule) -> Option<u64> {
    let expression = match schedule {
        Schedule::Interval { every, unit } => return Some(duration::seconds((*every, *unit))),
        Schedule::Cron { expression, .. } => expression,
    };
    let mut fields = expression.split_ascii_whitespace();
    let (minutes, hours) = (times(fields.next()?, 60)?, times(fields.next()?, 24)?);
    Some(24 * 60 * 60 / (minutes * hours))
}

/// How often a field of a cron expression is met in so many units; days do not count.
fn times(field: &str, units: u64) -> Option<u64> {
    if field == "*" {
        return Some(units);
    }
    if let Some((_, step)) = field.split_once('/') {
        return Some(units.div_ceil(step.parse().ok().filter(|step| *step > 0)?));
    }
    let of_part = |part: &str| match part.split_once('-') {
        None => Some(1),
        Some((first, last)) => Some(last.parse::<u64>().ok()?.saturating_sub(first.parse().ok()?) + 1),
    };
    field.split(',').map(of_part).sum()
}

fn of_destination(before: &Destination, after: &Destination) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.enabled && !after.enabled {
        risks.push(Kind::Mutes.into());
    }
    let leads_elsewhere = match (&before.target, &after.target) {
        // a rotated token leads where the old one did
        (Target::CustomWebhook(was), Target::CustomWebhook(is)) => was.endpoint != is.endpoint,
        (was, is) => was != is,
    };
    risks.extend(leads_elsewhere.then_some(Kind::Diverts.into()));
    risks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cron_expression_says_how_often_about() {
        for (expression, expected) in [
            ("* * * * *", Some(60)),
            ("*/10 * * * *", Some(600)),
            ("0 * * * *", Some(3600)),
            ("0,30 * * * *", Some(1800)),
            ("0 9 * * 1-5", Some(86_400)),
            ("0 9-17 * * *", Some(9600)),
            ("0 x-y * * *", None),
            ("*/0 * * * *", None),
        ] {
            let schedule = Schedule::Cron { expression: expression.to_owned(), timezone: "UTC".to_owned() };
            assert_eq!(seconds(&schedule), expected, "{expression}");
        }
    }
}
