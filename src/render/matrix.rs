//! What several environments have in common and what they have not: the counts of each, and which resource changes where.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::text::{self, summary};
use super::{report, risks};
use crate::apply::Report;
use crate::error::Error;
use crate::model::resource::Key;
use crate::plan::{Action, Change, Counts, Plan, limits};
use crate::plural::count;
use crate::render::changes::groups;

/// What came of one environment.
pub struct Outcome {
    /// Its name.
    pub environment: String,
    /// What came of it.
    pub came: Came,
}

/// What came of an environment.
pub enum Came {
    /// A plan.
    Planned(Plan),
    /// A plan that was carried out as far as could be.
    Applied(Plan, Report),
    /// A plan that was not carried out, as nothing was to be done or something stood in its way.
    Unapplied(Plan),
    /// No plan.
    Failed(Error),
}

impl Outcome {
    /// The plan, if there is one.
    pub fn plan(&self) -> Option<&Plan> {
        match &self.came {
            Came::Planned(plan) | Came::Applied(plan, _) | Came::Unapplied(plan) => Some(plan),
            Came::Failed(_) => None,
        }
    }

    /// What is to be done, or was done.
    pub fn counts(&self) -> Counts {
        match &self.came {
            Came::Planned(plan) | Came::Unapplied(plan) => plan.counts(),
            Came::Applied(_, made) => made.counts(),
            Came::Failed(_) => Counts::default(),
        }
    }

    /// Whether all is well with it.
    pub fn is_well(&self) -> bool {
        match &self.came {
            Came::Planned(plan) | Came::Unapplied(plan) => plan.problems.is_empty(),
            Came::Applied(_, made) => made.is_success(),
            Came::Failed(_) => false,
        }
    }

    /// Whether there is more to say of it than its counts.
    fn is_worth_a_section(&self) -> bool {
        match &self.came {
            Came::Planned(plan) => {
                let mut notes = String::new();
                text::notes(&mut notes, plan);
                !plan.changes.is_empty() || !plan.warnings.is_empty() || !notes.is_empty()
            }
            Came::Applied(..) => true,
            Came::Unapplied(_) | Came::Failed(_) => false,
        }
    }

    /// It in one line, and what stands behind it.
    pub fn said(&self) -> String {
        match &self.came {
            Came::Failed(error) => {
                let findings = error.findings();
                let first = findings.first().map(ToString::to_string).unwrap_or_default();
                let first = first.lines().next().unwrap_or_default().to_owned();
                match findings.len() {
                    0 | 1 => format!("failed: {first}"),
                    many => format!("failed: {first} and {} more", many - 1),
                }
            }
            Came::Applied(_, made) => report::summary(made),
            Came::Planned(plan) | Came::Unapplied(plan) => {
                let mut said = summary(plan);
                if let Some(counts) = risks::counts(&groups(plan)) {
                    said = format!("{said}; at risk: {counts}");
                }
                if let (Came::Unapplied(_), Some(problem)) = (&self.came, plan.problems.first()) {
                    said = format!("{said}; not applied: {}", problem.message);
                }
                said
            }
        }
    }
}

/// All of it in one line.
pub fn total(outcomes: &[Outcome]) -> String {
    let is_applied = outcomes.iter().any(|one| matches!(one.came, Came::Applied(..)));
    // of an apply what was done counts
    let counted = outcomes.iter().filter(|one| !is_applied || matches!(one.came, Came::Applied(..)));
    let Counts { create, update, delete } = counted.map(Outcome::counts).sum();
    let environments = count(outcomes.len(), "environment");
    let mut text = if is_applied {
        format!("{environments}: {create} created, {update} updated, {delete} deleted")
    } else if create + update + delete == 0 {
        match outcomes.iter().filter(|one| one.plan().is_some() && one.is_well()).count() {
            0 => format!("{environments}: no plan"),
            some if some < outcomes.len() => format!("{environments}: nothing to do in {some}"),
            _ => format!("{environments}: nothing to do"),
        }
    } else {
        format!("{environments}: {create} to create, {update} to update, {delete} to delete")
    };
    // each is counted once, by the reason that keeps it back
    let mut rest: Vec<&Outcome> = outcomes.iter().collect();
    let mut count_out = |is_one: &dyn Fn(&Outcome) -> bool, words: &str| {
        let all = rest.len();
        rest.retain(|one| !is_one(one));
        if rest.len() < all {
            // writing to a `String` cannot fail
            let _ = write!(text, "; {} {words}", all - rest.len());
        }
    };
    let is_over = |one: &Outcome| one.plan().is_some_and(|plan| !limits::exceeded(plan).is_empty());
    count_out(&is_over, "over a limit");
    count_out(&|one| matches!(&one.came, Came::Unapplied(plan) if !plan.changes.is_empty()), "not applied");
    count_out(&|one| !one.is_well(), "failed");
    text
}

/// The environments of which there is more to say, in order; those whose plans are the same to the letter are one.
pub fn sections(outcomes: &[Outcome]) -> Vec<Vec<&Outcome>> {
    let mut sections: Vec<(Option<String>, Vec<&Outcome>)> = Vec::new();
    for outcome in outcomes.iter().filter(|one| one.is_worth_a_section() || !one.is_well()) {
        let shown = match &outcome.came {
            Came::Planned(plan) => Some(text::plan(plan)),
            Came::Applied(..) | Came::Unapplied(_) | Came::Failed(_) => None,
        };
        match sections.iter_mut().find(|(other, _)| shown.is_some() && *other == shown) {
            Some((_, alike)) => alike.push(outcome),
            None => sections.push((shown, vec![outcome])),
        }
    }
    sections.into_iter().map(|(_, alike)| alike).collect()
}

/// More environments have no room beside one another.
const MOST_COLUMNS: usize = 8;

/// More resources are no overview.
const MOST_ROWS: usize = 40;

/// Which resource changes where.
pub struct Grid {
    /// The environments that have a plan, in order.
    pub environments: Vec<String>,
    /// The resources, in order, with a sign for each environment: `+`, `~`, `-`, or `·` where it stays as it is; after an
    /// apply `!` where that failed, and `?` where it was not tried.
    pub rows: Vec<(Key, Vec<&'static str>)>,
    /// How many more there are.
    pub more: usize,
}

/// The grid of the changes; none where it would show nothing that the counts do not.
pub fn grid(outcomes: &[Outcome]) -> Option<Grid> {
    let plans: Vec<(&Outcome, &Plan)> =
        outcomes.iter().filter_map(|outcome| Some((outcome, outcome.plan()?))).collect();
    if plans.len() < 2 || plans.len() > MOST_COLUMNS {
        return None;
    }
    let mut rows: BTreeMap<Key, Vec<&'static str>> = BTreeMap::new();
    for (column, (outcome, plan)) in plans.iter().enumerate() {
        for change in &plan.changes {
            let key = change.key();
            let sign = match &outcome.came {
                Came::Applied(_, report) if report.failed.iter().any(|failed| failed.key == key) => "!",
                Came::Applied(_, report) if report.not_tried.iter().any(|left| left.key == key) => "?",
                Came::Unapplied(_) => "?",
                _ => sign(change),
            };
            rows.entry(key).or_insert_with(|| vec!["·"; plans.len()])[column] = sign;
        }
    }
    if rows.is_empty() {
        return None;
    }
    let more = rows.len().saturating_sub(MOST_ROWS);
    let environments = plans.into_iter().map(|(outcome, _)| outcome.environment.clone()).collect();
    Some(Grid { environments, rows: rows.into_iter().take(MOST_ROWS).collect(), more })
}

fn sign(change: &Change) -> &'static str {
    match change.action() {
        Action::Create => "+",
        Action::Update => "~",
        Action::Delete => "-",
    }
}
