//! What a plan says by itself of who asks: what may be hidden from that user, and whose rights monitors would lose.

use std::collections::BTreeMap;

use super::cluster::Cluster;
use crate::api::security::{self, Filter, Who};
use crate::model::resource::{Key, Kind};
use crate::plan::{Change, Plan};
use crate::plural::count;
use crate::render::words::listed;
use crate::source::finding::Finding;

/// So many names stand in a warning.
const MOST: usize = 5;

/// Adds the warnings to a plan that changes anything; a cluster without a security plugin has none.
pub async fn warn(plan: &mut Plan, cluster: &Cluster) {
    if plan.changes.is_empty() {
        return;
    }
    let Some(who) = security::who(&cluster.client, cluster.line).await else { return };
    let updated: BTreeMap<String, Key> = plan
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Update(update) => Some((update.pair.id().to_owned(), update.pair.key())),
            Change::Create(_) | Change::Delete(_) => None,
        })
        .filter(|(_, key)| key.kind == Kind::Monitor)
        .collect();
    let ids: Vec<String> = updated.keys().cloned().collect();
    let runners = security::runners(&cluster.client, cluster.line, &ids).await;
    plan.warnings.extend(rights_change(&who, &runners, &updated));
    let created: Vec<Key> = plan
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Create(_) => Some(change.key()),
            Change::Update(_) | Change::Delete(_) => None,
        })
        .collect();
    if !created.is_empty() && !who.sees_all() {
        let filter = security::filter(&cluster.client).await;
        let is_nothing_listed = plan.unchanged == 0 && created.len() == plan.changes.len();
        plan.warnings.extend(may_be_hidden(&who, filter, created.len(), is_nothing_listed));
    }
}

/// Monitors that run with the rights of others, a warning for each of these.
fn rights_change(
    who: &Who,
    runners: &BTreeMap<String, String>,
    monitors: &BTreeMap<String, Key>,
) -> Vec<Finding> {
    let mut others: BTreeMap<&str, Vec<&Key>> = BTreeMap::new();
    for (id, runner) in runners.iter().filter(|(_, runner)| **runner != who.name) {
        others.entry(runner).or_default().extend(monitors.get(id));
    }
    let warning = |(runner, keys): (&str, Vec<&Key>)| {
        let number = count(keys.len(), "monitor");
        let runs = if keys.len() == 1 { "runs" } else { "run" };
        let message = format!(
            "{number} {runs} with the rights of `{runner}`, and would with those of `{}`: {}",
            who.name,
            listed(keys.into_iter(), MOST)
        );
        let hint = format!(
            "a monitor has the rights of who wrote it last: see that `{}` may search its indices, or apply as `{runner}`",
            who.name
        );
        Finding { place: None, message, hint: Some(hint) }
    };
    others.into_iter().map(warning).collect()
}

/// What would be made may be there already, and not be shown to this user.
pub fn may_be_hidden(who: &Who, filter: Filter, created: usize, is_nothing_listed: bool) -> Option<Finding> {
    let roles = if who.backend_roles.is_empty() {
        "none".to_owned()
    } else {
        who.backend_roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ")
    };
    let certainty = match filter {
        Filter::Off => return None,
        Filter::Unknown if !is_nothing_listed => return None,
        Filter::On => "the server lists only",
        Filter::Unknown => "the server lists nothing, and may list only",
    };
    let message = format!(
        "{certainty} what shares a backend role with `{}` (it has {roles}): what is to be created ({created}) may be there \
         already, and would be twice",
        who.name
    );
    let hint = "look with a user that has `all_access`; `filter_by_backend_roles` is the setting, which `cluster:monitor/state` reads";
    Some(Finding { place: None, message, hint: Some(hint.to_owned()) })
}
