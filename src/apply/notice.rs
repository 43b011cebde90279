//! Puts up a notice before anything is made that bears no sign of the project, and takes it down when all is done; see
//! [`crate::api::wire::notice`]. It is a help for the run after one that was killed, so where the server refuses it the
//! apply goes on without.

use std::collections::BTreeSet;

use super::context::Context;
use super::is_creation;
use super::monitor::now;
use crate::api::client::Client;
use crate::api::live::Found;
use crate::api::read;
use crate::api::wire::notice::Notice;
use crate::api::write::{self, Refresh};
use crate::model::resource::{Key, Kind};
use crate::plan::Plan;

/// A notice that was put up, or whose answer was lost.
pub struct Posted {
    id: Option<String>,
    notice: Notice,
}

/// Puts up a notice, if there is anything to say.
pub async fn post(context: &Context<'_>) -> Option<Posted> {
    let Context { plan, client, .. } = context;
    let making: Vec<Key> = plan
        .changes
        .iter()
        .filter(|change| is_creation(change))
        .map(crate::plan::Change::key)
        .filter(|key| !key.kind.is_scheduled())
        .collect();
    if plan.line.has_channels() || making.is_empty() {
        return None;
    }
    let notice = Notice { project: plan.project.clone(), sent: now(), making };
    let request = write::create_monitor(plan.line, Kind::Monitor, notice.write(), Refresh::Later);
    let id = match client.ask(&request).await {
        Ok(answer) => answer.json(&request).ok().map(|super::monitor::Created { id }| id),
        Err(error) if error.may_have_happened() => None,
        Err(_) => return None,
    };
    Some(Posted { id, notice })
}

/// Takes down the notice of this run, and those of `others` that were killed: all that they tell of is known by now.
pub async fn take_down(client: &Client, plan: &Plan, posted: Option<Posted>, others: &[String]) {
    let mut ids: BTreeSet<String> = others.iter().cloned().collect();
    match posted {
        Some(Posted { id: Some(id), .. }) => drop(ids.insert(id)),
        Some(Posted { id: None, notice }) => ids.extend(find(client, plan, &notice).await),
        None => {}
    }
    for id in ids {
        // one that stays is taken down by the next run
        drop(client.send(&write::delete_monitor(plan.line, Kind::Monitor, &id, Refresh::Now)).await);
    }
}

/// The notice of this run, whose id nobody knows.
async fn find(client: &Client, plan: &Plan, notice: &Notice) -> Option<String> {
    read::reveal(client, plan.line).await.ok()?;
    let found = read::written_since(client, plan.line, plan.latest).await.ok()?;
    found.into_iter().find_map(|found| match found {
        Found::Notice { id, notice: other } if other == *notice => Some(id),
        Found::Notice { .. } | Found::Monitor(_) | Found::Unreadable(_) => None,
    })
}
