//! What a reviewer must not miss: what stops alerts from being raised or heard, or undoes what somebody did.

mod destination;
mod monitor;

use std::fmt;

use destination::of_destination;
use monitor::{of_monitor, of_new_monitor};

use super::drift::{self, Mover};
use super::{Change, Focus, Pair, Plan, ends, protection};
use crate::model::cover::cover_destinations;
use crate::model::resource::Resource;

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
    /// Its schedule is never met.
    NeverRuns,
    /// A destination delivers no more.
    Mutes,
    /// A destination, an account or a group leads elsewhere.
    Diverts,
    /// A destination or an account delivers by other credentials or in another way.
    DeliversOtherwise,
    /// It tells nobody any more.
    Silences,
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
    /// A condition compares otherwise, or is inverted.
    TurnsRound,
    /// A condition compares with ten times as much, or a tenth.
    Leaps,
    /// A document-level monitor looks for something no longer.
    DropsQuery,
    /// It searches other indices.
    SearchesElsewhere,
    /// It runs a quarter as often, or less.
    RunsRarely,
    /// It does not look at all that came since it ran last.
    LeavesGaps,
    /// It looks back a quarter as far, or less.
    LooksBackLess,
    /// It looks back four times as far, or more, or over all time.
    LooksBackMore,
    /// An action is throttled that was not, or four times as long, or longer.
    TellsRarely,
    /// An action tells of alerts in other states, or all at once.
    TellsOfOthers,
    /// A trigger is less severe.
    Lowers,
    /// A trigger is more severe, or of a severity that is no number.
    Raises,
    /// It is protected no longer.
    Unprotects,
    /// Somebody is told that was not.
    Gains,
    /// An action is throttled no longer, or a quarter as long, or less.
    TellsOften,
    /// A monitor or a workflow that was disabled runs.
    RunsAgain,
    /// A condition always holds that did not.
    Always,
    /// It looks for something else.
    Seeks,
}

impl Kind {
    /// What is said of those that it happens to.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::EndsAlerts => "ends active alerts",
            Kind::Goes => "deleted",
            Kind::Missing => "missing",
            Kind::Stops => "runs no more",
            Kind::NeverRuns => "has a schedule that is never met",
            Kind::Mutes => "delivers no more",
            Kind::Diverts => "leads elsewhere",
            Kind::DeliversOtherwise => "delivers otherwise",
            Kind::Silences => "tells nobody any more",
            Kind::Loses => "no longer tells",
            Kind::DropsTrigger => "loses a trigger",
            Kind::DropsMonitor => "no longer runs",
            Kind::Revives => "deleted in the cluster, and made again",
            Kind::Overwrites => "overwrites what was changed in the cluster",
            Kind::MayOverwrite => "may overwrite what was changed in the cluster",
            Kind::Never => "can never fire",
            Kind::TurnsRound => "condition turned round",
            Kind::Leaps => "threshold moved tenfold",
            Kind::DropsQuery => "loses a document query",
            Kind::SearchesElsewhere => "searches other indices",
            Kind::RunsRarely => "runs more rarely",
            Kind::LeavesGaps => "looks back only",
            Kind::LooksBackLess => "looks back over less",
            Kind::LooksBackMore => "looks back over more",
            Kind::TellsOfOthers => "tells of other alerts",
            Kind::TellsOften => "tells more often",
            Kind::TellsRarely => "tells more rarely",
            Kind::Lowers => "severity lowered",
            Kind::Raises => "severity changed",
            Kind::Unprotects => "no longer protected",
            Kind::Gains => "tells anew",
            Kind::RunsAgain => "runs again",
            Kind::Always => "fires at each run",
            Kind::Seeks => "looks for something else",
        }
    }

    /// Whether the headline or a line below it says so already.
    pub const fn is_said(self) -> bool {
        match self {
            Kind::EndsAlerts
            | Kind::Goes
            | Kind::Missing
            | Kind::Stops
            | Kind::Mutes
            | Kind::Loses
            | Kind::DropsTrigger
            | Kind::DropsMonitor
            | Kind::Revives
            | Kind::Overwrites
            | Kind::MayOverwrite
            | Kind::DropsQuery
            | Kind::Lowers
            | Kind::Raises
            | Kind::Unprotects
            | Kind::Gains
            | Kind::RunsAgain => true,
            Kind::NeverRuns
            | Kind::Diverts
            | Kind::DeliversOtherwise
            | Kind::Silences
            | Kind::Never
            | Kind::TurnsRound
            | Kind::Leaps
            | Kind::SearchesElsewhere
            | Kind::RunsRarely
            | Kind::LeavesGaps
            | Kind::LooksBackLess
            | Kind::LooksBackMore
            | Kind::TellsRarely
            | Kind::TellsOfOthers
            | Kind::TellsOften
            | Kind::Always
            | Kind::Seeks => false,
        }
    }

    fn of(self, detail: impl Into<String>) -> Risk {
        Risk { kind: self, detail: Some(detail.into()) }
    }
}

impl From<Kind> for Risk {
    fn from(kind: Kind) -> Self {
        Self { kind, detail: None }
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
        (Focus::All, Change::Create(create)) => match &create.after.resource {
            Resource::Monitor(monitor) => of_new_monitor(monitor),
            Resource::Destination(_) => Vec::new(),
        },
        (Focus::Drift, Change::Delete(_)) => Vec::new(),
        (focus, Change::Update(update)) => match &update.pair {
            Pair::Destination { before, after } => {
                let after = plan.destination_to_live(after);
                let secrets = plan.secrets_of(&update.declaration);
                let (live, declared) = cover_destinations(&before.destination, &after, &secrets);
                match focus {
                    Focus::All => of_destination(&live, &declared),
                    Focus::Drift => of_destination(&declared, &live),
                }
            }
            Pair::Monitor { before, after } => {
                let after = plan.monitor_to_live(after);
                match focus {
                    Focus::All => {
                        of_monitor(&update.declaration.previous.renamed(&before.monitor, &after), &after)
                    }
                    Focus::Drift => of_monitor(&after, &before.monitor),
                }
            }
        },
    };
    if plan.focus == Focus::All {
        let active = plan.active.as_ref();
        let ends = |active| ends::of(change).iter().any(|end| end.alerts(active) > 0);
        risks.extend(active.is_some_and(ends).then_some(Kind::EndsAlerts.into()));
        risks.extend(protection::is_taken_away(change).then_some(Kind::Unprotects.into()));
        risks.extend(plan.deleted.contains_key(&change.key()).then_some(Kind::Revives.into()));
        let moved = drift::of(plan, change).map(|drift| drift.moved).unwrap_or_default();
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
