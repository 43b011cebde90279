//! A plan as a comment on a pull request: a summary, a headline for each change, and its lines folded away, within a
//! number of bytes.

use std::fmt::Write;

mod escape;
mod forms;

use escape::{code, escaped};
use forms::fitted;

use super::changes::{Group, groups};
use super::matrix::{self, Came, Grid, Outcome};
use super::report;
use super::risks;
use super::text::{DIRECTION, left_out, notes, summary};
use super::words::listed;
use crate::apply::Report;
use crate::model::resource::Key;
use crate::plan::{Focus, Plan, limits};
use crate::plural::count;
use crate::source::finding::Finding;

/// So many bytes a comment may have; GitHub takes 65,536.
pub const BUDGET: usize = 60_000;

/// The least that is worth being shown of findings and changes, whatever else there is: the summary never goes.
const RESERVE: usize = 200;

/// What a page is about: each is found again by its own first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// What is to be done.
    Plan,
    /// What somebody did in the cluster.
    Drift,
    /// What became of it.
    Apply,
}

/// The plan within so many bytes. Its first line, which no reader sees, is the same for all plans of a project: by it a
/// comment is found again, to be written over.
pub fn plan(plan: &Plan, budget: usize) -> String {
    let what = match plan.focus {
        Focus::All => What::Plan,
        Focus::Drift => What::Drift,
    };
    of_plan(what, plan, budget)
}

/// The plan that an apply did not carry out.
pub fn unapplied(plan: &Plan, budget: usize) -> String {
    of_plan(What::Apply, plan, budget)
}

fn of_plan(what: What, plan: &Plan, budget: usize) -> String {
    let summary = summary(plan);
    let mut page = Page::new(what, Subject::of(plan), &summary, budget);
    page.cluster(plan);
    if plan.focus == Focus::Drift && !plan.changes.is_empty() {
        page.add(&format!("\n{}\n", escaped(DIRECTION)));
    }
    page.findings("Problems", &plan.problems);
    // that it was refused for a limit is a problem of an apply
    let exceeded =
        if what == What::Apply && !plan.problems.is_empty() { Vec::new() } else { limits::exceeded(plan) };
    for excess in exceeded {
        page.add(&format!(
            "\n**Over a limit:** {}; {}\n",
            escaped(&excess.to_string()),
            escaped(&excess.hint())
        ));
    }
    let groups = groups(plan);
    page.risks(&groups);
    page.findings("Warnings", &plan.warnings);
    let mut said = String::new();
    notes(&mut said, plan);
    page.notes(&said);
    page.groups(&groups, &summary);
    page.text
}

/// What became of a plan, within so many bytes: what failed and what was not tried, then what was to be done.
pub fn report(plan: &Plan, made: &Report, budget: usize) -> String {
    let summary = report::summary(made);
    let mut page = Page::new(What::Apply, Subject::of(plan), &summary, budget);
    page.cluster(plan);
    page.findings("Failed", &report::failed(made));
    page.findings("Not tried", &report::not_tried(made));
    let mut said = String::new();
    left_out(&mut said, plan);
    page.notes(&said);
    page.groups(&groups(plan), &summary);
    page.text
}

/// What came of several environments, within so many bytes: a table of all, which resource changes where, and each by
/// itself in its share of the room.
pub fn several(what: What, project: &str, outcomes: &[Outcome], budget: usize) -> String {
    let mut page = Page::new(what, Subject { project, environment: None }, &matrix::total(outcomes), budget);
    page.add("\n| environment | |\n|---|---|\n");
    for (index, outcome) in outcomes.iter().enumerate() {
        let sign = if outcome.is_well() { "" } else { "❌ " };
        let row =
            format!("| {} | {sign}{} |\n", outcome.environment, escaped(&outcome.said()).replace('|', "\\|"));
        let has_room = page.text.len() < page.budget / 3;
        // writing to a `String` cannot fail, here and below
        if !has_room || !page.add(&row) {
            let _ = writeln!(page.text, "| … | and {} |", count(outcomes.len() - index, "more environment"));
            break;
        }
    }
    if let Some(grid) = matrix::grid(outcomes) {
        page.grid(&grid);
    }
    let sections = matrix::sections(outcomes);
    for (index, alike) in sections.iter().enumerate() {
        let [outcome, others @ ..] = alike.as_slice() else { continue };
        let others: Vec<&str> = others.iter().map(|one| one.environment.as_str()).collect();
        let same = match others.as_slice() {
            [] => String::new(),
            others => format!("\nIn {} the same as in {}:\n", others.join(", "), outcome.environment),
        };
        // what one leaves the next may have
        let left = page.budget.saturating_sub(page.text.len() + RESERVE + same.len());
        let room = (left / (sections.len() - index)).max(LEAST_PAGE);
        if left < LEAST_PAGE {
            let more: usize = sections[index..].iter().map(Vec::len).sum();
            let more = count(more, "more environment");
            let _ = write!(page.text, "\n… and {more}, for which there is no room here\n");
            break;
        }
        page.text.push_str(&same);
        let shown = match &outcome.came {
            Came::Planned(plan) => self::plan(plan, room),
            Came::Unapplied(plan) => unapplied(plan, room),
            Came::Applied(plan, made) => report(plan, made, room),
            Came::Failed(error) => {
                let subject = Subject { project, environment: Some(&outcome.environment) };
                let page = no_plan(what, subject, &error.findings(), room);
                page.replacen("### no plan", &format!("### {}: no plan", outcome.environment), 1)
            }
        };
        // the marker of the whole is that of each
        let section = shown.split_once('\n').map_or("", |(_, section)| section);
        let _ = write!(page.text, "\n{section}");
    }
    page.text
}

/// So many bytes a page has at least, of which something can be read.
const LEAST_PAGE: usize = 600;

/// What stands in a plan's place when there is none.
pub fn no_plan(what: What, subject: Subject<'_>, problems: &[Finding], budget: usize) -> String {
    let mut page = Page::new(what, subject, "no plan", budget);
    page.findings("Problems", problems);
    page.text
}

/// Whose page it is: one of another project or environment is another page.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The project.
    pub project: &'a str,
    /// The environment, where the project has any.
    pub environment: Option<&'a str>,
}

impl<'a> Subject<'a> {
    fn of(plan: &'a Plan) -> Self {
        Self { project: &plan.project, environment: plan.environment.as_deref() }
    }

    /// The first line of its page.
    fn marker(self, what: What) -> String {
        // two hyphens would end the comment in which they stand; no name of a project has dots
        let of_environment = self.environment.map(|name| format!(" {name}")).unwrap_or_default();
        let names = format!("{}{of_environment}", self.project).replace('-', ".");
        let what = match what {
            What::Plan => "plan",
            What::Drift => "drift",
            What::Apply => "apply",
        };
        format!("<!-- alertform {what} {names} -->\n")
    }
}

struct Page {
    text: String,
    budget: usize,
}

impl Page {
    fn new(what: What, subject: Subject<'_>, summary: &str, budget: usize) -> Self {
        let text = format!("{}### {}\n", subject.marker(what), escaped(summary));
        Self { text, budget }
    }

    /// Which resource changes where, as far as there is room.
    fn grid(&mut self, Grid { environments, rows, more }: &Grid) {
        let mut text =
            format!("\n| | {} |\n|---|{}\n", environments.join(" | "), ":-:|".repeat(environments.len()));
        for (key, signs) in rows {
            let name = escaped(&key.to_string()).replace('|', "\\|");
            let _ = writeln!(text, "| {name} | {} |", signs.join(" | "));
        }
        if *more > 0 {
            let _ = writeln!(text, "\nand {}", count(*more, "more resource"));
        }
        if self.text.len() + text.len() < self.budget / 2 {
            self.add(&text);
        }
    }

    /// Says of which cluster it tells.
    fn cluster(&mut self, plan: &Plan) {
        let environment = plan.environment.as_ref().map(|name| format!("**{name}**, ")).unwrap_or_default();
        self.add(&format!("\n{environment}{}, line {}\n", code(&plan.server), plan.line));
    }

    /// Adds a text if there is room for it.
    fn add(&mut self, text: &str) -> bool {
        let fits = self.text.len() + text.len() + RESERVE <= self.budget;
        if fits {
            self.text.push_str(text);
        }
        fits
    }

    fn findings(&mut self, title: &str, findings: &[Finding]) {
        if findings.is_empty() || !self.add(&format!("\n**{title}**\n\n")) {
            return;
        }
        for (index, finding) in findings.iter().enumerate() {
            let text = finding.to_string();
            let lines: Vec<String> = text.lines().map(|line| escaped(line.trim())).collect();
            // half of the room is for the changes
            let has_room = self.text.len() < self.budget / 2;
            if !has_room || !self.add(&format!("- {}\n", lines.join("<br>"))) {
                // writing to a `String` cannot fail
                let _ = writeln!(self.text, "- and {} more", findings.len() - index);
                return;
            }
        }
    }

    /// Each of its lines is a paragraph.
    fn notes(&mut self, notes: &str) {
        for note in notes.lines().filter(|line| !line.is_empty()) {
            self.add(&format!("\n{}\n", escaped(note)));
        }
    }

    fn risks(&mut self, groups: &[Group]) {
        let lines = risks::lines(groups);
        if lines.is_empty() || !self.add("\n**At risk**\n\n") {
            return;
        }
        let mut lines = lines.iter();
        while let Some(line) = lines.next() {
            if !self.add(&format!("- {}\n", escaped(line))) {
                // writing to a `String` cannot fail
                let _ = writeln!(self.text, "- and {}", count(lines.len() + 1, "more kind"));
                return;
            }
        }
    }

    /// As much of the changes as there is room for, with a word of what is cut before them, and below several the summary
    /// again.
    fn groups(&mut self, groups: &[Group], summary: &str) {
        let end = if groups.len() > 1 { format!("\n**{}**\n", escaped(summary)) } else { String::new() };
        let room = self.budget.saturating_sub(self.text.len() + end.len() + RESERVE);
        let mut shown = fitted(groups, room);
        if !shown.cut.is_empty() {
            shown = fitted(groups, room.saturating_sub(CUT_NOTE));
        }
        if !shown.cut.is_empty() {
            self.text.push_str(&cut_note(&shown.cut));
        }
        for text in &shown.texts {
            self.text.push_str(text);
        }
        if shown.more > 0 {
            let more = count(shown.more, "more change");
            // writing to a `String` cannot fail
            let _ = write!(self.text, "\n… and {more}, for which there is no room here\n");
        }
        if self.text.len() + end.len() <= self.budget {
            self.text.push_str(&end);
        }
    }
}

/// What is said where lines are missing.
fn cut_note(cut: &[&Key]) -> String {
    const MOST: usize = 3;
    let changes = count(cut.len(), "change");
    let listed = escaped(&listed(cut.iter().copied(), MOST));
    let listed = if listed.len() > CUT_NOTE / 2 { String::new() } else { format!(": {listed}") };
    format!("\n⚠️ Of {changes} not all lines are here, for want of room{listed}. The plan as text has them\n")
}

/// So many bytes such a note has, at most.
const CUT_NOTE: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_of_what_is_cut_keeps_its_room() {
        let key = |name: &str| Key { kind: crate::model::resource::Kind::Monitor, name: name.into() };
        let (short, long) = (key("m"), key(&"*".repeat(256)));
        assert!(cut_note(&[&short]).contains("room: monitor <code>m</code>. "));
        assert!(cut_note(&[&short, &long]).len() <= CUT_NOTE);
        assert!(cut_note(&[&short; 1_000]).len() <= CUT_NOTE);
    }
}
