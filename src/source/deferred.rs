//! Settings for which a helper command must be run: that is done where they are needed, and nowhere else.

use super::finding::Finding;
use super::report::Report;
use super::settings::{self, Settings};
use super::variables::Values;
use super::yaml::{Content, Entry, Node};

/// The settings of one mapping that wait for a command.
#[derive(Clone, Debug, Default)]
pub struct Deferred {
    node: Option<Node>,
    whose: &'static str,
}

impl Deferred {
    /// Takes them out of a mapping; errors call it `whose`.
    pub fn take(node: &mut Node, whose: &'static str) -> Self {
        let mut deferred = Vec::new();
        if let Content::Mapping(entries) = &mut node.content {
            deferred.extend(entries.extract_if(.., |entry| runs(&entry.value)));
        }
        let is_any = !deferred.is_empty();
        Self { node: is_any.then(|| Node::new(node.place.clone(), Content::Mapping(deferred))), whose }
    }

    /// The settings with these among them.
    pub fn add_to(&self, mut settings: Settings, values: Values<'_>) -> Result<Settings, Vec<Finding>> {
        let Some(mut node) = self.node.clone() else { return Ok(settings) };
        let report = Report::default();
        let mut wrong = settings::fill(&mut node, values, &report);
        wrong.extend(report.take_errors());
        let report = Report::default();
        let read = settings::read(&node, self.whose, &[], values.dir, &report).unwrap_or_default();
        if wrong.is_empty() {
            wrong.extend(report.take_errors());
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        settings.add(read);
        Ok(settings)
    }
}

fn runs(node: &Node) -> bool {
    let below = |entry: &Entry| runs(&entry.value);
    node.as_text().is_some_and(|text| text.contains("${cmd:"))
        || node.items().iter().any(runs)
        || node.entries().iter().any(below)
}
