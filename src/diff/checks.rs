//! What of a declaration a server refuses, or stores though it leads nowhere.

use std::collections::BTreeSet;

use crate::api::live::Destinations;
use crate::api::wire;
use crate::api::wire::limits::Severity;
use crate::model::destination::Destination;
use crate::model::monitor::{Input, Monitor};
use crate::model::part::Part;
use crate::model::reference::{Refer, Reference};
use crate::model::resource::Kind;
use crate::model::secret::{COVER, without};
use crate::plan::Plan;
use crate::source::declared::Declaration;
use crate::source::finding::Finding;

/// What the line of the server cannot do.
pub fn limits(plan: &mut Plan, declaration: &Declaration) {
    for limit in wire::limits::check(&declaration.resource, plan.line) {
        let message = format!("{}: {}", declaration.resource.key(), limit.message);
        let finding = declaration.finding(limit.part, message).hint(limit.hint);
        match limit.severity {
            Severity::Refused => plan.problems.push(finding),
            Severity::Lost => plan.warnings.push(finding),
        }
    }
}

/// The server stores the id of a destination that leads nowhere, and tells nobody.
pub fn references(plan: &mut Plan, declaration: &Declaration, monitor: &Monitor, live: &Destinations) {
    for (i, trigger) in monitor.triggers.iter().enumerate() {
        for (j, action) in trigger.actions.iter().enumerate() {
            if let Reference::Id(id) = &action.destination
                && !live.has(Kind::Destination, id)
            {
                let hint = "name a declared destination: `destination: NAME`";
                plan.warnings.push(missing(
                    declaration,
                    Part::destination(i, j),
                    Kind::Destination,
                    id,
                    hint,
                ));
            }
        }
    }
}

/// The server refuses a workflow that runs what is not there, or what this user may not see: a list may hide what the
/// workflow runs all the same.
pub fn delegates(plan: &mut Plan, declaration: &Declaration, workflow: &Monitor, absent: &BTreeSet<String>) {
    for (index, delegate) in workflow.inputs.iter().flat_map(Input::delegates).enumerate() {
        if let Some(id) = delegate.monitor.id().filter(|id| absent.contains(*id)) {
            let hint = "name a declared monitor";
            plan.warnings.push(missing(declaration, Part::delegate(index), Kind::Monitor, id, hint));
        }
    }
}

/// The server refuses an e-mail whose account or group it does not know, or stores it and sends nothing.
pub fn accounts(plan: &mut Plan, declaration: &Declaration, email: &Destination, live: &Destinations) {
    let mut groups = 0..;
    email.each_reference(&mut |kind, reference| {
        let part = match kind {
            Kind::EmailGroup => Part::group(groups.next().unwrap_or_default()),
            _ => Part::Account,
        };
        if let Reference::Id(id) = reference
            && !live.has(kind, id)
            && live.hidden.iter().all(|(hidden, _)| *hidden != kind)
        {
            let hint = format!("name a declared one: a document with `kind: {kind}`");
            plan.warnings.push(missing(declaration, part, kind, id, &hint));
        }
    });
}

/// Says that an id leads nowhere.
fn missing(declaration: &Declaration, part: Part, kind: Kind, id: &str, hint: &str) -> Finding {
    let id = without(&declaration.secrets, id, COVER);
    let message = format!("{}: no {kind} in the cluster has the id `{id}`", declaration.resource.key());
    declaration.finding(Some(part), message).hint(hint)
}
