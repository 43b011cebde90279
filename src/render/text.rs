//! A plan for people.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::changes::{Group, MOST_SAID, Shown, groups};
use super::matrix::{self, Came, Grid, Outcome};
use super::words::{self, project as project_name};
use super::{report, risks};
use crate::model::resource::{Key, Kind};
use crate::one_line::one_line;
use crate::plan::drift::{self, Drift};
use crate::plan::limits;
use crate::plan::{Action, Counts, Focus, LeftOut, Orphan, Owner, Plan, Stay, Strangers};
use crate::plural::count;

/// The plan: the summary, each change with its lines, and the summary again below a long one.
pub fn plan(plan: &Plan) -> String {
    let mut text = String::new();
    let summary = summary(plan);
    line(&mut text, &summary);
    if plan.focus == Focus::Drift && !plan.changes.is_empty() {
        line(&mut text, DIRECTION);
    }
    for finding in &plan.warnings {
        line(&mut text, &format!("\nwarning: {finding}"));
    }
    for finding in &plan.problems {
        line(&mut text, &format!("\nproblem: {finding}"));
    }
    for excess in limits::exceeded(plan) {
        line(&mut text, &format!("\nover a limit: {excess}\n  hint: {}", excess.hint()));
    }
    let groups = groups(plan);
    let risks = risks::lines(&groups);
    if !risks.is_empty() {
        line(&mut text, "\nat risk:");
    }
    for risk in risks {
        line(&mut text, &format!("  ! {risk}"));
    }
    changes(&mut text, plan, &groups);
    notes(&mut text, plan);
    if plan.changes.len() > 1 {
        line(&mut text, &format!("\n{summary}"));
    }
    text
}

/// Each change with its lines; of many only those that have to be read.
fn changes(text: &mut String, plan: &Plan, groups: &[Group]) {
    let length = match groups.len() {
        _ if plan.changes.len() <= risks::FEW => Length::Short,
        many if many > MANY => Length::Long,
        _ => Length::Middling,
    };
    let mut is_one_line = false;
    for group in groups {
        let mut shown = String::new();
        show_group(&mut shown, plan.strangers, group, length);
        // what is told in one line each is a list
        let was_one_line = std::mem::replace(&mut is_one_line, shown.lines().count() == 1);
        if !(was_one_line && is_one_line && length == Length::Long) {
            text.push('\n');
        }
        text.push_str(&shown);
    }
}

/// What differs between two sides: `plan` would make the one as the other, `only` are what that one alone has.
pub fn comparison(plan: &Plan, (one, other): (&str, &str), only: &[Key], left_out: usize) -> String {
    let mut text = String::new();
    let Counts { create, update, delete: _ } = plan.counts();
    let differs = if update == 1 { "differs" } else { "differ" };
    let unclear = match plan.problems.len() + left_out {
        0 => String::new(),
        some => format!("; {some} could not be compared"),
    };
    let summary = format!(
        "{update} {differs}, {create} only in {other}, {} only in {one}; {} the same{unclear}",
        only.len(),
        plan.unchanged
    );
    line(&mut text, &summary);
    if update + create > 0 {
        line(&mut text, &format!("`-` is {one}, `+` is {other}"));
    }
    for finding in &plan.problems {
        // places are those of files that nobody has, and hints are for who would apply it
        line(&mut text, &format!("\nnot compared: {}", one_line(&finding.message)));
    }
    let mut groups = groups(plan);
    groups.iter_mut().for_each(Group::strip_to_difference);
    changes(&mut text, plan, &groups);
    if !only.is_empty() {
        line(&mut text, &format!("\nonly in {one}: {}", listed(only.iter())));
    }
    text
}

/// What came of several environments: all in one line, a line for each, which resource changes where, and then each by
/// itself.
pub fn several(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    let total = matrix::total(outcomes);
    line(&mut text, &total);
    text.push('\n');
    let width = outcomes.iter().map(|one| one.environment.len()).max().unwrap_or_default();
    for outcome in outcomes {
        line(&mut text, &format!("{:width$}  {}", outcome.environment, outcome.said()));
    }
    if let Some(Grid { environments, rows, more }) = matrix::grid(outcomes) {
        let names: Vec<String> = rows.iter().map(|(key, _)| key.to_string()).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        line(&mut text, &format!("\n{:width$}  {}", "", environments.join("  ")));
        for (name, (_, signs)) in names.iter().zip(&rows) {
            let signs = environments.iter().zip(signs);
            let signs: Vec<String> =
                signs.map(|(environment, sign)| format!("{sign:^0$}", environment.len())).collect();
            line(&mut text, format!("{name:width$}  {}", signs.join("  ")).trim_end());
        }
        if more > 0 {
            line(&mut text, &format!("and {}", count(more, "more resource")));
        }
    }
    let sections = matrix::sections(outcomes);
    for alike in &sections {
        let Some(first) = alike.first() else { continue };
        let shown = match &first.came {
            Came::Failed(error) => error.screen(),
            Came::Applied(_, made) => report::text(made),
            Came::Planned(plan) => self::plan(plan),
            // the plan was shown before
            Came::Unapplied(plan) => {
                let problems = plan.problems.iter().map(|problem| format!("problem: {problem}"));
                problems.collect::<Vec<_>>().join("\n")
            }
        };
        let names: Vec<String> = alike.iter().map(|one| place(one)).collect();
        line(&mut text, &format!("\n== {} ==\n\n{}", names.join(", "), shown.trim_end()));
    }
    if !sections.is_empty() {
        line(&mut text, &format!("\n{total}"));
    }
    text
}

fn place(outcome: &Outcome) -> String {
    match outcome.plan() {
        Some(plan) => words::cluster(Some(&outcome.environment), &plan.server),
        None => outcome.environment.clone(),
    }
}

/// What the signs of drift mean.
pub const DIRECTION: &str =
    "`-` is as declared, `+` as it is in the cluster; `alertform apply` makes it as declared";

/// The plan in one line: `plan: 2 to create, 1 to update, 0 to delete; 7 unchanged`.
pub fn summary(plan: &Plan) -> String {
    let Counts { create, update, delete } = plan.counts();
    let unchanged = plan.unchanged;
    let mut text = if plan.focus == Focus::Drift {
        let certain = plan.changes.iter().filter_map(|change| drift::of(plan, change));
        let certain = certain.filter(Drift::is_certain).count();
        let deleted = plan.changes.iter().filter(|change| plan.deleted.contains_key(&change.key())).count();
        let said = [
            (certain, "changed in the cluster"),
            (update - certain, "maybe changed there"),
            (deleted, "deleted there"),
            (create - deleted, "missing there"),
        ];
        let said = said.iter().filter(|(number, _)| *number > 0);
        match said.map(|(number, words)| format!("{number} {words}")).collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "drift: none".to_owned(),
            some => format!("drift: {some}"),
        }
    } else if create + update + delete == 0 {
        format!("plan: nothing to do; {unchanged} unchanged")
    } else {
        format!("plan: {create} to create, {update} to update, {delete} to delete; {unchanged} unchanged")
    };
    // writing to a `String` cannot fail, here and below
    if !plan.problems.is_empty() {
        let _ = write!(text, "; {} in the way", count(plan.problems.len(), "problem"));
    }
    let over = limits::exceeded(plan).len();
    if over > 0 {
        let _ = write!(text, "; over {}", count(over, "limit"));
    }
    text
}

/// What differs and is no part of the plan.
pub fn left_out(text: &mut String, plan: &Plan) {
    for (why, words) in [
        (LeftOut::Unselected, "not selected, and left alone"),
        (LeftOut::Files, "changed by the files alone, and not shown"),
    ] {
        let keys = plan.left_out.iter().filter(|(_, reason)| *reason == why).map(|(key, _)| key);
        if keys.clone().next().is_some() {
            line(text, &format!("\n{words}: {}", listed(keys)));
        }
    }
}

/// What stays as it is, and why somebody may want to know.
pub fn notes(text: &mut String, plan: &Plan) {
    left_out(text, plan);
    let owners: BTreeSet<&Owner> = plan.unmarked.iter().map(|unmarked| &unmarked.owner).collect();
    for owner in owners {
        let keys =
            plan.unmarked.iter().filter(|unmarked| unmarked.owner == *owner).map(|unmarked| &unmarked.key);
        let mark = match owner {
            Owner::Project(project) => format!("with the mark of {}", project_name(project)),
            Owner::Ours | Owner::Nobody => "without a mark of this project".to_owned(),
        };
        line(
            text,
            &format!("\nas declared, but {mark}: {}\n  hint: `--adopt` takes them over", listed(keys)),
        );
    }
    let unasked =
        plan.orphans.iter().filter(|orphan| orphan.reason == Stay::Unasked).map(|orphan| &orphan.key);
    if unasked.clone().next().is_some() {
        line(text, &format!("\nno longer declared, and left alone without `--prune`: {}", listed(unasked)));
    }
    for Orphan { key, id: _, reason } in &plan.orphans {
        if let Stay::Told(teller) = reason {
            let needs = match key.kind {
                Kind::EmailAccount | Kind::EmailGroup => "makes use of",
                Kind::Destination => "tells",
                Kind::Monitor | Kind::Workflow => "runs",
            };
            line(text, &format!("\nno longer declared, and left alone since `{teller}` {needs} it: {key}"));
        }
    }
}

/// Names in order, all of them if they are not too many.
pub fn listed<'a>(keys: impl Iterator<Item = &'a Key>) -> String {
    const MOST: usize = 20;
    words::listed(keys, MOST)
}

/// In a plan of more changes than this nobody reads every line of what goes.
const MANY: usize = 20;

/// So many of those that change alike have a line of their own.
const MOST_IN_LINES: usize = 10;

/// Names, as many on a line as fit.
fn wrapped<'s>(shown: impl Iterator<Item = &'s Shown>) -> Vec<String> {
    const WIDTH: usize = 110;
    let mut lines: Vec<String> = Vec::new();
    for shown in shown {
        let name = format!("`{}`", shown.key.name);
        match lines.last_mut() {
            Some(line) if line.len() + name.len() < WIDTH => {
                line.push_str(", ");
                line.push_str(&name);
            }
            _ => lines.push(name),
        }
    }
    lines
}

/// How much a plan has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// Each change says for itself what it puts at risk.
    Short,
    /// What is at risk stands on top.
    Middling,
    /// Nor are lines shown of what goes, and of what a headline says.
    Long,
}

fn show_group(text: &mut String, strangers: Strangers, group: &Group, length: Length) {
    let Shown {
        action,
        sign,
        key,
        adoption,
        claimed,
        ends,
        drift,
        headline,
        lines,
        unchanged,
        is_opaque,
        ..
    } = &group.first;
    let words = if headline.is_empty() { String::new() } else { format!(": {}", shortened(headline)) };
    if group.others.is_empty() {
        line(text, &format!("{sign} {key}{words}{}", whereabouts(&group.first)));
    } else {
        let number = group.others.len() + 1;
        line(text, &format!("{sign} {}{words}", count(number, key.kind.as_str())));
        for shown in group.all().take(MOST_IN_LINES) {
            line(text, &format!("    {}{}", shown.key, whereabouts(shown)));
        }
        for names in wrapped(group.all().skip(MOST_IN_LINES)) {
            line(text, &format!("    {names}"));
        }
        if let Some(whose) = group.whose_lines() {
            line(text, &format!("  # {whose}"));
        }
    }
    if let Some(reason) = adoption {
        let needs = match strangers {
            Strangers::Ask => "; needs `--adopt`",
            Strangers::Adopt => "",
        };
        line(text, &format!("  ! taken over: {reason}{needs}"));
    }
    for key in claimed {
        line(text, &format!("  ! taken over: {key}, which only the mark of this monitor says"));
    }
    let is_named = *action == Action::Delete && length == Length::Long;
    if let Some(risks) = group.first.unsaid_risks().filter(|_| length == Length::Short) {
        line(text, &format!("  ! {risks}"));
    }
    for ending in ends.iter().filter(|ending| !(is_named && ending.is_quiet())) {
        let sign = if ending.is_quiet() { '#' } else { '!' };
        line(text, &format!("  {sign} ends: {}", ending.words));
    }
    for what in group.deleted().into_iter().chain(drift.iter().flat_map(Drift::lines)) {
        line(text, &format!("  ! {what}"));
    }
    if let Some(written) = group.written_unnoted() {
        line(text, &format!("  # {written}"));
    }
    if let Some(used) = group.used() {
        // a monitor goes on being run, whatever changes of it
        let sign = if key.kind.is_scheduled() { '#' } else { '!' };
        line(text, &format!("  {sign} {used}"));
    }
    if is_named {
        return;
    }
    // where the headline says all, nobody reads it twice in a long plan
    if group.first.is_said_in_full() && length == Length::Long && group.others.is_empty() {
        return;
    }
    for changed in lines {
        line(text, format!("  {} {}", changed.sign.as_char(), changed.text).trim_end());
    }
    if *unchanged > 0 {
        line(text, &format!("    # {} unchanged", count(*unchanged, "line")));
    }
    if *is_opaque {
        line(text, "    # all texts that differ are covered: secrets are filled into it, or may have been");
    }
}

/// Where a resource is declared, or which one it is that goes.
pub fn whereabouts(Shown { action, place, item, id, .. }: &Shown) -> String {
    // an item stands in the file of its family
    let item = item.as_ref().map(|item| format!(", item at {}", item.line)).unwrap_or_default();
    let place = place.as_ref().map(|place| format!("  {}:{}{item}", one_line(&place.file), place.line));
    match (action, id) {
        (Action::Delete, Some(id)) => format!("{}  id {id}", place.unwrap_or_default()),
        _ => place.unwrap_or_default(),
    }
}

/// The first few of what is said, and how much there is besides.
pub fn shortened(words: &[String]) -> String {
    let shown = words.iter().take(MOST_SAID).map(String::as_str).collect::<Vec<_>>().join("; ");
    match words.len().saturating_sub(MOST_SAID) {
        0 => shown,
        more => format!("{shown}; and {more} more"),
    }
}

/// Adds a line.
pub fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
