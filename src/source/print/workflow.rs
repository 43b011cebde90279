//! What a workflow says otherwise than a monitor, to text.

use super::item::{Entries, bare, entry, reference};
use crate::api::wire::workflow::FINDINGS;
use crate::model::chained::{self, Piece};
use crate::model::monitor::{Delegate, Monitor};
use crate::model::reference::Reference;
use crate::source::read::workflow::AUDIT;
use crate::source::yaml::{Item, Layout};

/// The entries of what a workflow runs; `None` when the friendly form cannot say it.
pub fn entries(workflow: &Monitor, delegates: &[Delegate]) -> Option<Entries> {
    let is_sayable = !delegates.is_empty()
        && delegates.iter().enumerate().all(|(index, delegate)| {
            let runs_before =
                |finding: &Reference| delegates[..index].iter().any(|before| before.monitor == *finding);
            let Delegate { monitor, findings } = delegate;
            !monitor.as_str().trim().is_empty() && !runs_before(monitor) && findings.iter().all(runs_before)
        });
    if !is_sayable {
        return None;
    }
    let items = delegates.iter().map(|Delegate { monitor, findings }| {
        if findings.is_empty() {
            return reference(monitor);
        }
        let findings = Item::Sequence(findings.iter().map(reference).collect(), Layout::Flow);
        Item::Mapping(vec![entry("monitor", reference(monitor)), entry(FINDINGS, findings)], Layout::Block)
    });
    let mut entries = vec![entry("delegates", Item::Sequence(items.collect(), Layout::Block))];
    for (key, value) in &workflow.other {
        if key != AUDIT || value.as_str() != "false" {
            return None;
        }
        entries.push(entry(AUDIT, bare("false")));
    }
    Some(entries)
}

/// Whether the friendly form takes a condition: it speaks of the monitors that the workflow runs, and of nothing else.
pub fn is_condition(source: &str, delegates: &[Delegate]) -> bool {
    let pieces = chained::pieces(source);
    let is_run = |piece: &Piece<'_>| match piece {
        Piece::Monitor(monitor) => delegates.iter().any(|delegate| delegate.monitor == *monitor),
        Piece::Between(_) => true,
    };
    chained::problem(&pieces).is_none() && pieces.iter().all(is_run)
}
