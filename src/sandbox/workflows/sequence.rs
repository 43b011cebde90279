//! Whether the delegates of a workflow make a sequence, looked at without any monitor.

use std::collections::{BTreeMap, BTreeSet};

use super::super::refusal::Refusal;
use super::input::{Delegate, Findings};
use super::workflow::Workflow;

/// How many delegates a workflow may name, at most. The check of whether they exist takes only ten.
const MOST: usize = 25;

/// Refuses delegates that make no sequence. All that is wrong is told at once, up to what makes looking on useless.
pub fn check(workflow: &Workflow) -> Result<(), Refusal> {
    let wrong = match workflow.inputs.first().map(Vec::as_slice) {
        None => vec!["Input list can not be empty.".to_owned()],
        Some([]) => vec!["Delegates list can not be empty.".to_owned()],
        Some(delegates) => wrong(delegates),
    };
    if wrong.is_empty() {
        return Ok(());
    }
    let listed: Vec<String> =
        wrong.iter().enumerate().map(|(index, wrong)| format!("{}: {wrong};", index + 1)).collect();
    let reason = format!("Validation Failed: {}", listed.concat());
    Err(Refusal::exception(400, "action_request_validation_exception", reason))
}

fn wrong(delegates: &[Delegate]) -> Vec<String> {
    let mut wrong = Vec::new();
    let orders: BTreeMap<&str, i32> =
        delegates.iter().map(|delegate| (delegate.monitor.as_str(), delegate.order)).collect();
    let places: BTreeSet<i32> = delegates.iter().map(|delegate| delegate.order).collect();
    if delegates.len() > MOST {
        wrong.push(format!("Delegates list can not be larger then {MOST}."));
    }
    if orders.len() < delegates.len() {
        wrong.push("Duplicate delegates not allowed".to_owned());
    }
    if places.len() < delegates.len() {
        wrong.push(
            "Sequence ordering of delegate monitor shouldn't contain duplicate order values".to_owned(),
        );
    }
    for delegate in delegates {
        let Some(findings) = &delegate.findings else { continue };
        for source in findings.sources() {
            let Some(order) = orders.get(source) else {
                wrong.push(format!("Chained Findings Monitor {source} doesn't exist in sequence"));
                return wrong;
            };
            if *order < delegate.order {
                continue;
            }
            wrong.push(too_late(delegate, findings, *order));
            if findings.monitor.is_none() {
                return wrong;
            }
        }
    }
    wrong
}

/// Tells of findings that come after who needs them. Of a list, the server names none: it prints the field of the one.
fn too_late(delegate: &Delegate, findings: &Findings, order: i32) -> String {
    let Delegate { monitor, order: own, .. } = delegate;
    let source = findings.monitor.as_deref().unwrap_or("null");
    let plain = format!("Chained Findings Monitor {source} should be executed before monitor {monitor}");
    if findings.monitor.is_some() {
        return plain;
    }
    format!(
        "{plain}. Order of monitor being chained [{order}] should be smaller than order of monitor using findings as \
         source data [{own}] in sequence"
    )
}
