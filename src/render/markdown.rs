//! A plan as a comment on a pull request: a summary, a headline for each change, and its lines folded away, within a
//! number of bytes.

use std::fmt::Write;

use super::changes::{Group, Shown, groups};
use super::report;
use super::risks;
use super::text::{DIRECTION, notes, shortened, summary, whereabouts};
use super::words::listed;
use crate::apply::Report;
use crate::model::resource::Key;
use crate::one_line::one_line;
use crate::plan::drift::Drift;
use crate::plan::{Action, Focus, Plan, limits};
use crate::plural::count;
use crate::source::finding::Finding;

/// So many bytes a comment may have; GitHub takes 65,536.
pub const BUDGET: usize = 60_000;

/// So many lines of a change are shown when there is no room for all of them.
const FEW: usize = 12;

/// The least that is worth being shown of findings and changes, whatever else there is: the summary never goes.
const RESERVE: usize = 200;

/// What a page is about: each is found again by its own first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// What is to be done.
    Plan,
    /// What became of it.
    Apply,
}

/// The plan within so many bytes. Its first line, which no reader sees, is the same for all plans of a project: by it a
/// comment is found again, to be written over.
pub fn plan(plan: &Plan, budget: usize) -> String {
    of_plan(What::Plan, plan, budget)
}

/// The plan that an apply did not carry out.
pub fn unapplied(plan: &Plan, budget: usize) -> String {
    of_plan(What::Apply, plan, budget)
}

fn of_plan(what: What, plan: &Plan, budget: usize) -> String {
    let mut page = Page::new(what, &plan.project, &summary(plan), budget);
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
    for note in said.lines().filter(|line| !line.is_empty()) {
        page.add(&format!("\n{}\n", escaped(note)));
    }
    page.groups(&groups);
    page.text
}

/// What became of a plan, within so many bytes: what failed and what was not tried, then what was to be done.
pub fn report(plan: &Plan, made: &Report, budget: usize) -> String {
    let mut page = Page::new(What::Apply, &plan.project, &report::summary(made), budget);
    page.cluster(plan);
    page.findings("Failed", &report::failed(made));
    page.findings("Not tried", &report::not_tried(made));
    page.groups(&groups(plan));
    page.text
}

/// What stands in a plan's place when there is none.
pub fn no_plan(what: What, project: &str, problems: &[Finding], budget: usize) -> String {
    let mut page = Page::new(what, project, "no plan", budget);
    page.findings("Problems", problems);
    page.text
}

struct Page {
    text: String,
    budget: usize,
}

impl Page {
    fn new(what: What, project: &str, summary: &str, budget: usize) -> Self {
        // two hyphens would end the comment in which it stands; no name has dots
        let marker = project.replace('-', ".");
        let what = match what {
            What::Plan => "plan",
            What::Apply => "apply",
        };
        let text = format!("<!-- alertform {what} {marker} -->\n### {}\n", escaped(summary));
        Self { text, budget }
    }

    /// Says of which cluster it tells.
    fn cluster(&mut self, plan: &Plan) {
        self.add(&format!("\n{}, line {}\n", code(&plan.server), plan.line));
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

    /// All headlines as long as there is room, then what the rest of the room is enough for.
    fn groups(&mut self, groups: &[Group]) {
        let headlines: Vec<String> = groups.iter().map(headline).collect();
        let mut left = self.budget.saturating_sub(self.text.len() + RESERVE + CUT_NOTE);
        let fitting = headlines.iter().take_while(|headline| {
            let needs = headline.len() + FOLD.len();
            let fits = needs <= left;
            left = left.saturating_sub(needs);
            fits
        });
        let shown = fitting.count();
        let groups_shown = &groups[..shown];
        // names first, since what is not named may be anything
        let mut all_details: Vec<String> = groups_shown.iter().map(|group| details(group, 0)).collect();
        for details in &mut all_details {
            if details.len() > left {
                details.clear();
            }
            left -= details.len();
        }
        // then what changes: where few lines tell of many first; what a headline says anyway, and what goes, last of all
        let whole: Vec<usize> = groups_shown.iter().map(|group| details(group, usize::MAX).len()).collect();
        let mut order: Vec<usize> = (0..shown).collect();
        order.sort_by_key(|index| {
            let first = &groups_shown[*index].first;
            let is_harmless = !first.is_risky();
            (first.action == Action::Delete, first.is_said_in_full(), is_harmless, whole[*index])
        });
        let mut cut: Vec<&Key> = Vec::new();
        for index in order {
            let (group, has) = (&groups_shown[index], all_details[index].len());
            let most = if whole[index] <= left + has { usize::MAX } else { FEW };
            let more = details(group, most);
            if more.len() <= left + has {
                left = left + has - more.len();
                all_details[index] = more;
            }
            let is_cut = all_details[index].len() < whole[index];
            let is_missed = group.first.action != Action::Delete && !group.first.is_said_in_full();
            if is_cut && is_missed {
                cut.extend(group.all().map(|shown| &shown.key));
            }
        }
        if !cut.is_empty() {
            self.text.push_str(&cut_note(&cut));
        }
        for ((headline, mut details), group) in headlines.iter().zip(all_details).zip(groups_shown) {
            let mut place = String::new();
            if is_cut_off(&details) && group.first.is_said_in_full() && group.has_only_lines() {
                // there is room for what stood in the fold
                place = escaped(&whereabouts(&group.first));
                details.clear();
            }
            let _ = if details.is_empty() {
                writeln!(self.text, "\n{headline}{place}")
            } else {
                write!(self.text, "\n<details><summary>{headline}</summary>\n\n{details}\n</details>\n")
            };
        }
        if shown < groups.len() {
            let more = groups[shown..].iter().map(|group| group.all().count()).sum();
            let more = count(more, "more change");
            let _ = write!(self.text, "\n… and {more}, for which there is no room here\n");
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

/// What a headline has around it, at most.
const FOLD: &str = "\n<details><summary></summary>\n\n\n</details>\n";

fn headline(group: &Group) -> String {
    let Shown { verb, key, headline, .. } = &group.first;
    let what = match group.others.len() {
        0 => format!("{} {}", key.kind.as_str(), code(key.name.as_str())),
        others => escaped(&count(others + 1, key.kind.as_str())),
    };
    let words =
        if headline.is_empty() { String::new() } else { format!(": {}", escaped(&shortened(headline))) };
    let sign = if group.first.is_risky() { " ⚠️" } else { "" };
    format!("<b>{verb}</b> {what}{words}{sign}")
}

/// Whether no line of a change is there that has some.
fn is_cut_off(details: &str) -> bool {
    !details.contains("```diff") && details.contains("\n… and ")
}

/// The lines of a change, so many of them at most.
fn details(group: &Group, most: usize) -> String {
    let mut text = String::new();
    for shown in group.all() {
        let _ = writeln!(text, "{}{}<br>", code(&shown.key.to_string()), escaped(&whereabouts(shown)));
    }
    let Shown { adoption, claimed, ends, drift, lines, .. } = &group.first;
    if let Some(whose) = group.whose_lines() {
        let _ = writeln!(text, "{}<br>", escaped(&whose));
    }
    if let Some(reason) = adoption {
        let _ = writeln!(text, "⚠️ taken over: {}<br>", escaped(reason));
    }
    for claimed in claimed {
        let _ = writeln!(text, "⚠️ taken over: {}<br>", escaped(&claimed.to_string()));
    }
    if let Some(risks) = group.first.unsaid_risks() {
        let _ = writeln!(text, "⚠️ {}<br>", escaped(&risks));
    }
    for ending in ends {
        let sign = if ending.is_quiet() { "" } else { "⚠️ " };
        let _ = writeln!(text, "{sign}ends: {}<br>", escaped(&ending.words));
    }
    for what in group.deleted().into_iter().chain(drift.iter().flat_map(Drift::lines)) {
        let _ = writeln!(text, "⚠️ {}<br>", escaped(&what));
    }
    if let Some(written) = group.written_unnoted() {
        let _ = writeln!(text, "{}<br>", escaped(&written));
    }
    if let Some(used) = group.used() {
        let sign = if group.first.key.kind.is_scheduled() { "" } else { "⚠️ " };
        let _ = writeln!(text, "{sign}{}<br>", escaped(&used));
    }
    let mut body = String::new();
    for line in lines.iter().take(most) {
        let _ = writeln!(body, "{} {}", line.sign.as_char(), line.text);
    }
    if !body.is_empty() {
        let fence = fence(&body);
        let _ = write!(text, "\n{fence}diff\n{body}{fence}\n");
    }
    if lines.len() > most {
        let _ = writeln!(text, "\n… and {}", count(lines.len() - most, "more line"));
    }
    text
}

/// A fence that is longer than any in the text.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", html(&one_line(text)))
}

/// The text with what stands in backticks as code, and nothing that Markdown or HTML would take for its own.
fn escaped(text: &str) -> String {
    let mut parts = text.split('`').peekable();
    let mut escaped = String::new();
    let mut is_code = false;
    while let Some(part) = parts.next() {
        // a backtick without a partner is a character like any other
        if is_code && parts.peek().is_some() {
            escaped.push_str(&code(part));
        } else {
            if is_code {
                escaped.push_str("&#96;");
            }
            escaped.push_str(&plain(part));
        }
        is_code = !is_code;
    }
    escaped
}

fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in html(text).chars() {
        if "\\*_[]#|~@".contains(c) {
            let _ = write!(plain, "&#{};", c as u32);
        } else {
            plain.push(c);
        }
    }
    plain
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

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

    #[test]
    fn what_people_wrote_stays_text() {
        assert_eq!(
            escaped("a <b> `x & y` *z* @all"),
            "a &lt;b&gt; <code>x &amp; y</code> &#42;z&#42; &#64;all"
        );
        assert_eq!(escaped("one ` alone"), "one &#96; alone");
        assert_eq!(fence("a ``` b ```` c"), "`````");
        assert_eq!(fence("plain"), "```");
    }
}
