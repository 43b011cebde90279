//! A text to its documents; a broken one does not hide the errors of the others.

use std::sync::Arc;

use super::compose::{Composer, Stop};
use super::node::Node;
use super::slips;
use crate::source::finding::Finding;

/// All that a file holds, and what is wrong with it.
#[derive(Debug)]
pub struct Parsed {
    /// The documents that could be read, in order.
    pub documents: Vec<Node>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Reads all documents of a file; `file` is its path for the places.
pub fn parse(text: &str, file: &Arc<str>) -> Parsed {
    let mut composer = Composer::new(text, file);
    let mut documents = Vec::new();
    loop {
        match composer.document() {
            Ok(Some(document)) => documents.push(document),
            Ok(None) => break,
            Err(stop) => {
                let finding = finding(&stop, &composer, text);
                composer.findings.extend(finding);
                let goes_on = !stop.is_final && composer.skip_document();
                if !goes_on {
                    break;
                }
            }
        }
    }
    Parsed { documents, findings: composer.findings }
}

/// Says why a document could not be read; `None` when it was said already.
fn finding(stop: &Stop, composer: &Composer<'_>, text: &str) -> Option<Finding> {
    let place = composer.place(&stop.marker);
    let is_said = |found: &Finding| {
        let is_there = found.place.as_ref().is_some_and(|found| found.line == place.line);
        is_there && found.hint.as_ref() == Some(&slips::in_quotes("{{"))
    };
    // Mustache without quotes is an odd mapping first, and no YAML after
    if composer.findings.iter().any(is_said) {
        return None;
    }
    let line = text.lines().nth(stop.marker.line().saturating_sub(1)).unwrap_or_default();
    let finding = Finding::at(&place, stop.message.as_str());
    Some(match slips::hint(line, stop.marker.col(), &stop.message) {
        Some(hint) => finding.hint(hint),
        None => finding,
    })
}
