//! What a plan says by itself of who asks: what may be hidden from that user, and whose rights monitors would lose.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::cluster::Cluster;
use crate::api::security::{self, Filter, Who};
use crate::model::name::Name;
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
        // what is to be made has an id there already
        let new: HashSet<(Kind, &Name)> = created.iter().map(|key| (key.kind, &key.name)).collect();
        let is_listed = |kind: Kind| plan.directory.names(kind).any(|name| !new.contains(&(kind, name)));
        let kinds: BTreeSet<Kind> = created.iter().map(|key| key.kind).collect();
        let unlisted = kinds.into_iter().filter(|kind| !is_listed(*kind)).collect();
        plan.warnings.extend(may_be_hidden(&who, filter, &created, &unlisted));
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

/// What would be made may be there already, and not be shown to this user; each plugin filters its own lists, and where
/// nobody may know whether, one that holds nothing at all is a sign of it.
fn may_be_hidden(who: &Who, filter: Filter, created: &[Key], unlisted: &BTreeSet<Kind>) -> Option<Finding> {
    let roles = if who.backend_roles.is_empty() {
        "none".to_owned()
    } else {
        who.backend_roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ")
    };
    let (certainty, number) = match filter {
        Filter::Off => return None,
        Filter::Unknown if unlisted.is_empty() => return None,
        Filter::On => ("the server lists only".to_owned(), created.len()),
        Filter::Unknown => {
            let kinds = unlisted.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and no ");
            let number = created.iter().filter(|key| unlisted.contains(&key.kind)).count();
            (format!("the server lists no {kinds}, and may list only"), number)
        }
    };
    let message = format!(
        "{certainty} what shares a backend role with `{}` (it has {roles}): what is to be created ({number}) may be there \
         already, and would be twice",
        who.name
    );
    let hint = "look with a user that has `all_access`; `filter_by_backend_roles` is the setting, which `cluster:monitor/state` reads";
    Some(Finding { place: None, message, hint: Some(hint.to_owned()) })
}
