//! A plan in one line, for a chat.

use std::fmt::Write;

use super::changes::{Ending, Group, groups};
use super::matrix::{self, Came, Outcome};
use super::report;
use super::risks;
use super::text::{left_out, notes, shortened, summary};
use super::words::{cluster, project};
use crate::apply::Report;
use crate::one_line::one_line;
use crate::plan::{Plan, limits};
use crate::source::finding::Finding;

/// So many changes are named.
const FEW: usize = 3;

/// The summary and the first changes, which are those that end something.
pub fn plan(plan: &Plan) -> String {
    let groups = groups(plan);
    // writing to a `String` cannot fail, here and below
    let mut text = format!("{} in {}: {}", project(&plan.project), place(plan), summary(plan));
    for problem in plan.problems.iter().take(1) {
        let _ = write!(text, " | problem: {}", one_line(&problem.message));
    }
    for excess in limits::exceeded(plan) {
        let _ = write!(text, " | over a limit: {excess}");
    }
    if let Some(counts) = risks::counts(&groups) {
        let _ = write!(text, " | at risk: {counts}");
    }
    for group in groups.iter().take(FEW) {
        text.push_str(" | ");
        text.push_str(&said(group));
    }
    let more: usize = groups.iter().skip(FEW).map(|group| group.all().count()).sum();
    if more > 0 {
        let _ = write!(text, " | and {more} more");
    }
    // what is left alone is told too: it goes on
    let mut left = String::new();
    notes(&mut left, plan);
    add_notes(&mut text, &left);
    text.push('\n');
    text
}

fn place(plan: &Plan) -> String {
    cluster(plan.environment.as_deref(), &plan.server)
}

fn add_notes(text: &mut String, notes: &str) {
    for note in notes.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')) {
        let _ = write!(text, " | {}", cut(note));
    }
}

/// So much of a note as a line has room for.
fn cut(note: &str) -> String {
    const MOST: usize = 160;
    match note.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &note[..end]),
        None => note.to_owned(),
    }
}

/// What was done, and the first of what was not.
pub fn report(plan: &Plan, made: &Report) -> String {
    let mut text = format!("{} in {}: {}", project(&plan.project), place(plan), report::summary(made));
    let missed: Vec<Finding> = report::failed(made).into_iter().chain(report::not_tried(made)).collect();
    for finding in missed.iter().take(FEW) {
        let _ = write!(text, " | {}", one_line(&finding.message));
    }
    if missed.len() > FEW {
        let _ = write!(text, " | and {} more", missed.len() - FEW);
    }
    let mut left = String::new();
    left_out(&mut left, plan);
    add_notes(&mut text, &left);
    text.push('\n');
    text
}

/// What came of several environments, a line for each below one for all.
pub fn several(outcomes: &[Outcome]) -> String {
    let mut text = format!("{}\n", matrix::total(outcomes));
    for outcome in outcomes {
        match &outcome.came {
            Came::Planned(plan) | Came::Unapplied(plan) => text.push_str(&self::plan(plan)),
            Came::Applied(plan, made) => text.push_str(&report(plan, made)),
            Came::Failed(error) => {
                let _ = write!(text, "{}: {}", outcome.environment, no_plan(&error.findings()));
            }
        }
    }
    text
}

/// What stands in a plan's place when there is none.
pub fn no_plan(problems: &[Finding]) -> String {
    let first = problems.first().map(|finding| format!(": {}", finding.message)).unwrap_or_default();
    let more = match problems.len() {
        0 | 1 => String::new(),
        some => format!(" | and {} more", some - 1),
    };
    format!("no plan{}{more}\n", first.replace(['\n', '\r'], " "))
}

fn said(group: &Group) -> String {
    let shown = &group.first;
    let more = match group.others.len() {
        0 => String::new(),
        others => format!(" and {others} more"),
    };
    let words =
        if shown.headline.is_empty() { String::new() } else { format!(": {}", shortened(&shown.headline)) };
    let ends = if shown.ends.iter().all(Ending::is_quiet) { "" } else { " (ends alerts or throttles)" };
    format!("{} {}{more}{words}{ends}", shown.verb, shown.key)
}
