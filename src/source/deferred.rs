//! Settings for which a helper command must be run: that is done where they are needed, and nowhere else.

use super::commands::Commands;
use super::finding::Finding;
use super::report::Report;
use super::settings::{self, Settings};
use super::substitution::references;
use super::variables::Values;
use super::yaml::{Content, Entry, Node};

/// A mapping of settings of which some wait for a command.
#[derive(Clone, Debug, Default)]
pub struct Deferred {
    /// All of them, as they are written; none where none waits.
    node: Option<Node>,
    whose: &'static str,
}

impl Deferred {
    /// Takes those out of a mapping; errors call it `whose`. What a command prints is secret, and is no value of a setting
    /// that is shown; one that is not allowed is an error, be it needed or not.
    pub fn take(node: &mut Node, whose: &'static str, commands: &Commands, report: &Report) -> Self {
        let whole = node.clone();
        let Content::Mapping(entries) = &mut node.content else { return Self::default() };
        let deferred: Vec<Entry> = entries.extract_if(.., |entry| runs(&entry.value)).collect();
        for entry in &deferred {
            refuse_forbidden(&entry.value, commands, report);
            let rival = rival(&entry.key);
            let is_doubled = entries.iter().any(|other| rival == other.key);
            if !settings::may_be_secret(&entry.key) {
                let message = format!("what a command prints is secret, and `{}` is shown", entry.key);
                let hint = "`${NAME}` and `${file:PATH}` fill in what is no secret";
                report.error(Finding::at(&entry.value.place, message).hint(hint));
            } else if is_doubled {
                let message = format!("`{}` and `{}` exclude each other", entry.key, rival);
                report.error(Finding::at(&entry.place, message).hint("keep one of them"));
            }
        }
        Self { node: (!deferred.is_empty()).then_some(whole), whose }
    }

    /// The settings with those that waited: `settings` themselves where none did.
    pub fn fill(&self, settings: &Settings, values: Values<'_>) -> Result<Settings, Vec<Finding>> {
        let Some(mut node) = self.node.clone() else { return Ok(settings.clone()) };
        let report = Report::default();
        let mut wrong = settings::fill(&mut node, values, &report);
        wrong.extend(report.take_errors());
        let report = Report::default();
        let read = settings::read(&node, self.whose, &[], values.dir, &report).unwrap_or_default();
        if wrong.is_empty() {
            wrong.extend(report.take_errors());
        }
        if wrong.is_empty() { Ok(read) } else { Err(wrong) }
    }
}

/// The key beside which another says nothing: a secret stands there itself or in a file.
fn rival(key: &str) -> String {
    key.strip_suffix("_file").map_or_else(|| format!("{key}_file"), str::to_owned)
}

/// The commands of a node, without what is below it.
fn commands_of(node: &Node) -> impl Iterator<Item = &str> {
    references(node.as_text().unwrap_or_default()).filter_map(|inner| inner.strip_prefix("cmd:"))
}

fn refuse_forbidden(node: &Node, commands: &Commands, report: &Report) {
    for command in commands_of(node) {
        if let Err(finding) = commands.allowed(command) {
            report.error(Finding { place: Some(node.place.clone()), ..finding });
        }
    }
    node.items().iter().for_each(|item| refuse_forbidden(item, commands, report));
    node.entries().iter().for_each(|entry| refuse_forbidden(&entry.value, commands, report));
}

fn runs(node: &Node) -> bool {
    let below = |entry: &Entry| runs(&entry.value);
    commands_of(node).next().is_some() || node.items().iter().any(runs) || node.entries().iter().any(below)
}
