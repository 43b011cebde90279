//! What a plan says by itself of who asks: what may be hidden from that user, and whose rights monitors would lose.

use std::collections::BTreeMap;

use super::cluster::Cluster;
use crate::api::line::Line;
use crate::api::security::{self, Asker, Filters, Who};
use crate::identity::{Lists, Sight, of_others, sight};
use crate::model::resource::{Key, Kind};
use crate::plan::{Change, Plan};
use crate::plural::count;
use crate::render::words::listed;
use crate::source::finding::Finding;

/// So many names stand in a warning.
const MOST: usize = 5;

/// Adds the warnings to a plan that changes anything; a cluster without a security plugin has none. Of what this user may
/// not be shown the plan no longer says that somebody deleted it.
pub async fn warn(plan: &mut Plan, cluster: &Cluster) {
    if plan.changes.is_empty() {
        return;
    }
    let asker = security::asker(&cluster.client, cluster.line).await;
    if let Asker::Known(who) = &asker {
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
        plan.warnings.extend(rights_change(who, &of_others(&who.name, &runners, updated.into_iter())));
    }
    let is_created = |change: &&Change| matches!(change, Change::Create(_));
    let created: Vec<Lists> =
        plan.changes.iter().filter(is_created).map(|change| Lists::of(change.key().kind)).collect();
    if asker != Asker::Nobody && !created.is_empty() {
        let filters = security::filters(&cluster.client).await;
        plan.warnings.extend(may_be_hidden(&asker, filters, &created, plan.line));
        // what this user is not shown need not be deleted
        let line = plan.line;
        plan.deleted.retain(|key, _| sight(&asker, filters, line, Lists::of(key.kind)) == Sight::All);
    }
}

/// Monitors that run with the rights of others, a warning for each of these.
fn rights_change(who: &Who, others: &BTreeMap<&str, Vec<Key>>) -> Vec<Finding> {
    let warning = |(runner, keys): (&&str, &Vec<Key>)| {
        let number = count(keys.len(), "monitor");
        let runs = if keys.len() == 1 { "runs" } else { "run" };
        let message = format!(
            "{number} {runs} with the rights of `{runner}`, and would with those of `{}`: {}",
            who.name,
            listed(keys.iter(), MOST)
        );
        let hint = format!(
            "a monitor has the rights of who wrote it last: see that `{}` may search its indices, or apply as `{runner}`",
            who.name
        );
        Finding { place: None, message, hint: Some(hint) }
    };
    others.iter().map(warning).collect()
}

/// What would be made may be there already, and not be shown to this user.
fn may_be_hidden(asker: &Asker, filters: Filters, created: &[Lists], line: Line) -> Option<Finding> {
    let are =
        |wanted: Sight| created.iter().filter(|lists| sight(asker, filters, line, **lists) == wanted).count();
    let (certainty, number, hint) = match (are(Sight::Filtered), are(Sight::Unsure)) {
        (0, 0) => return None,
        (0, unsure) => (
            "may list",
            unsure,
            "with `cluster:monitor/state` this user would know whether it does (`filter_by_backend_roles`); else look with one that \
             has `all_access`",
        ),
        (filtered, _) => {
            ("lists", filtered, "`filter_by_backend_roles` is on: look with a user that has `all_access`")
        }
    };
    let whose = match asker {
        Asker::Known(who) => {
            let roles: Vec<String> = who.backend_roles.iter().map(|role| format!("`{role}`")).collect();
            let roles = if roles.is_empty() { "none".to_owned() } else { roles.join(", ") };
            format!("`{}` (it has {roles})", who.name)
        }
        Asker::Hidden | Asker::Nobody => "this user".to_owned(),
    };
    let message = format!(
        "the server {certainty} only what shares a backend role with {whose}: what is to be created ({number}) may be \
         there already, and would be twice"
    );
    Some(Finding { place: None, message, hint: Some(hint.to_owned()) })
}
