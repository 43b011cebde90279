//! A plan as annotations on GitHub: each at the line of the file that it is about, within the number that a step may have.

use std::fmt::Write;
use std::path::Path;

use super::changes::{Group, groups};
use super::matrix::{Came, Outcome};
use super::report;
use super::risks;
use super::text::{left_out, notes, shortened, summary};
use crate::apply::Report;
use crate::plan::drift::Drift;
use crate::plan::{Plan, limits};
use crate::source::finding::Finding;
use crate::source::place::Place;

/// So many annotations of one level GitHub shows of a step.
const MOST: usize = 10;

/// The plan in workflow commands: problems and what is over a limit as errors, warnings and what is at risk as warnings, other changes as notices. The
/// project's folder is named as the repository sees it.
pub fn plan(plan: &Plan, folder: &Path) -> String {
    of_plan(plan).write(folder)
}

fn of_plan(plan: &Plan) -> Annotations {
    let groups = groups(plan);
    let (risky, others): (Vec<&Group>, Vec<&Group>) = groups.iter().partition(|group| group.first.is_risky());
    let risks = risks::lines(&groups);
    let mut warnings = Vec::new();
    if !risks.is_empty() {
        warnings.push(Annotation { place: None, message: format!("at risk:\n{}", risks.join("\n")) });
    }
    // the line above names those that go; no line of a file is theirs
    let is_named = |group: &&Group| !risks.is_empty() && group.first.place.is_none();
    warnings.extend(risky.into_iter().filter(|group| !is_named(group)).map(of_group));
    warnings.extend(plan.warnings.iter().map(of_finding));
    let mut notices = vec![Annotation { place: None, message: summary(plan) }];
    notices.extend(others.into_iter().map(of_group));
    let mut left = String::new();
    notes(&mut left, plan);
    warnings.extend(of_notes(&left));
    let mut errors: Vec<Annotation> = plan.problems.iter().map(of_finding).collect();
    errors.extend(limits::exceeded(plan).iter().map(|excess| Annotation {
        place: None,
        message: format!("over a limit: {excess}\nhint: {}", excess.hint()),
    }));
    Annotations { errors, warnings, notices }
}

/// What became of a plan: what failed as errors, what was not tried as warnings, the summary as a notice.
pub fn report(plan: &Plan, made: &Report, folder: &Path) -> String {
    of_report(plan, made).write(folder)
}

fn of_report(plan: &Plan, made: &Report) -> Annotations {
    let annotations = |findings: Vec<Finding>| findings.iter().map(of_finding).collect::<Vec<_>>();
    let mut warnings = annotations(report::not_tried(made));
    let mut left = String::new();
    left_out(&mut left, plan);
    warnings.extend(of_notes(&left));
    let notices = vec![Annotation { place: None, message: report::summary(made) }];
    Annotations { errors: annotations(report::failed(made)), warnings, notices }
}

/// What came of several environments, each named before what is said of it.
pub fn several(outcomes: &[Outcome], folder: &Path) -> String {
    let mut all = Annotations::default();
    for outcome in outcomes {
        let of_one = match &outcome.came {
            Came::Planned(plan) | Came::Unapplied(plan) => of_plan(plan),
            Came::Applied(plan, made) => of_report(plan, made),
            Came::Failed(error) => Annotations {
                errors: error.findings().iter().map(of_finding).collect(),
                ..Annotations::default()
            },
        };
        let named = |one: Annotation| one.named(&outcome.environment);
        all.errors.extend(of_one.errors.into_iter().map(named));
        all.warnings.extend(of_one.warnings.into_iter().map(named));
        all.notices.extend(of_one.notices.into_iter().map(named));
    }
    all.write(folder)
}

/// What stands in a plan's place when there is none.
pub fn no_plan(environment: Option<&str>, problems: &[Finding], folder: &Path) -> String {
    let errors = problems.iter().map(of_finding).map(|one| match environment {
        Some(environment) => one.named(environment),
        None => one,
    });
    level("error", &errors.collect::<Vec<_>>(), folder)
}

/// All annotations of a step, by their level.
#[derive(Default)]
struct Annotations {
    errors: Vec<Annotation>,
    warnings: Vec<Annotation>,
    notices: Vec<Annotation>,
}

impl Annotations {
    fn write(&self, folder: &Path) -> String {
        level("error", &self.errors, folder)
            + &level("warning", &self.warnings, folder)
            + &level("notice", &self.notices, folder)
    }
}

struct Annotation {
    place: Option<Place>,
    message: String,
}

impl Annotation {
    /// It, with the environment that it is about.
    fn named(self, environment: &str) -> Self {
        Self { message: format!("{environment}: {}", self.message), ..self }
    }
}

fn of_finding(finding: &Finding) -> Annotation {
    let hint = finding.hint.as_ref().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    Annotation { place: finding.place.clone(), message: format!("{}{hint}", finding.message) }
}

fn of_notes(notes: &str) -> impl Iterator<Item = Annotation> {
    let notes = notes.split("\n\n").map(str::trim).filter(|note| !note.is_empty());
    notes.map(|note| Annotation { place: None, message: note.to_owned() })
}

fn of_group(group: &Group) -> Annotation {
    let shown = &group.first;
    let mut message = format!("{} {}", shown.verb, shown.key);
    // writing to a `String` cannot fail
    if !group.others.is_empty() {
        let _ = write!(message, " and {} more alike", group.others.len());
    }
    if !shown.headline.is_empty() {
        let _ = write!(message, ": {}", shortened(&shown.headline));
    }
    if let Some(risks) = shown.unsaid_risks() {
        let _ = write!(message, "\nat risk: {risks}");
    }
    if let Some(used) = group.used() {
        let _ = write!(message, "\n{used}");
    }
    for ending in &shown.ends {
        let _ = write!(message, "\nends: {}", ending.words);
    }
    for what in group.deleted().into_iter().chain(shown.drift.iter().flat_map(Drift::lines)) {
        let _ = write!(message, "\n{what}");
    }
    // one of a family stands where its item does
    Annotation { place: shown.item.clone().or_else(|| shown.place.clone()), message }
}

/// The annotations of one level; where there are more than are shown the last one says so.
fn level(level: &str, annotations: &[Annotation], folder: &Path) -> String {
    let shown = if annotations.len() > MOST { MOST - 1 } else { annotations.len() };
    let mut text = String::new();
    for Annotation { place, message } in &annotations[..shown] {
        let place = place.as_ref().map(|place| {
            // a folder that is the working directory has no name
            let file = folder.strip_prefix(".").unwrap_or(folder).join(&*place.file);
            let (file, Place { line, column, .. }) = (property(&file.to_string_lossy()), place);
            format!("file={file},line={line},col={column},")
        });
        let _ = writeln!(text, "::{level} {}title=alertform::{}", place.unwrap_or_default(), data(message));
    }
    if shown < annotations.len() {
        let more = annotations.len() - shown;
        let _ = writeln!(text, "::{level} title=alertform::and {more} more, which the plan shows");
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
