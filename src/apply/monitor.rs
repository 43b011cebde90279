//! Monitors and workflows written and deleted.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::Value;

use super::context::Context;
use super::report::Effect;
use crate::api::live::LiveMonitor;
use crate::api::read::is_gone;
use crate::api::wire::directory::Directory;
use crate::api::wire::ids::Ids;
use crate::api::wire::mark::{self, Mark};
use crate::api::wire::{canonical, monitor, ui_metadata};
use crate::api::write::{self, Refresh};
use crate::error::Error;
use crate::model::json::Json;
use crate::model::monitor::{Input, Monitor};
use crate::model::resource::Kind;
use crate::owner::Witnesses;
use crate::plan::Plan;
use crate::source::declared::Declaration;

/// Makes a monitor; no error shows the secrets in it.
pub async fn create(
    context: &Context<'_>,
    declaration: &Declaration,
    after: &Monitor,
    refresh: Refresh,
) -> Result<Effect, Error> {
    let Context { plan, client, directory, .. } = context;
    if after.kind() == Kind::Workflow {
        must_be_unlisted(context, after).await?;
    }
    let ids = Ids::minted(&plan.project, after);
    let document = {
        let directory = directory.borrow();
        let mark = mark(plan, &directory, after, (None, 1), Witnesses::new());
        let ui_metadata = has_ui_metadata(after).then(|| ui_metadata::new(after, &mark));
        monitor::encode(&directory.with_ids(after.clone()), &ids, plan.line, ui_metadata)
    };
    let request = write::create_monitor(plan.line, after.kind(), document, refresh);
    let request = request.guarding(declaration.secrets.clone());
    let created: Created = client.ask(&request).await?.json(&request)?;
    directory.borrow_mut().insert(declaration.resource.key(), created.id);
    Ok(Effect::Written)
}

/// With `filter_by_backend_roles` a server lists workflows for `all_access` alone, and one that is there would be made
/// again; but a monitor says which workflows run it.
async fn must_be_unlisted(context: &Context<'_>, after: &Monitor) -> Result<(), Error> {
    let Context { plan, client, directory, .. } = context;
    let after = directory.borrow().with_ids(after.clone());
    let first = after.inputs.iter().flat_map(Input::delegates).next();
    let Some(id) = first.and_then(|delegate| delegate.monitor.id().map(str::to_owned)) else {
        return Ok(());
    };
    let request = write::get_monitor(plan.line, Kind::Monitor, &id);
    let answer = client.send(&request).await?;
    if is_gone(&answer) {
        // the server says so itself
        return Ok(());
    }
    let run: Run = answer.success(&request)?.json(&request)?;
    let is_there = run.associated_workflows.iter().any(|workflow| workflow.name == after.name.as_str());
    if is_there { Err(Error::Hidden) } else { Ok(()) }
}

/// Changes a monitor in place, unless somebody wrote it since; no error shows the secrets in it.
pub async fn update(
    context: &Context<'_>,
    declaration: &Declaration,
    (before, after): (&LiveMonitor, &Monitor),
    refresh: Refresh,
) -> Result<Effect, Error> {
    let Context { plan, client, directory, .. } = context;
    let renamed = declaration.previous.renamed(&before.monitor, after);
    let ids = before.ids.carried_over(&renamed, &plan.project, after);
    let named = before.mark.iter().flat_map(|mark| &mark.destinations);
    let named = named.filter(|id| plan.witnesses.contains(*id)).cloned().collect();
    let (mark, document) = {
        let directory = directory.borrow();
        let mark = mark(plan, &directory, after, (Some(&before.id), before.revision.version + 1), named);
        let live = before.ui_metadata.as_ref().map(Json::value);
        let canonical = canonical::monitor(after.clone(), plan.line);
        let updated = || ui_metadata::updated(live.as_ref(), (&before.monitor, &renamed), &canonical, &mark);
        let ui_metadata = has_ui_metadata(after).then(updated);
        let document = monitor::encode(&directory.with_ids(after.clone()), &ids, plan.line, ui_metadata);
        (mark, document)
    };
    let id = (after.kind(), before.id.as_str());
    let request = write::update_monitor(plan.line, id, before.revision, document, refresh)
        .guarding(declaration.secrets.clone());
    let answer = client.send(&request).await?;
    match answer.status {
        409 => Err(Error::Outdated),
        500 if bears(context, id, &mark).await => Ok(Effect::Written),
        _ => answer.success(&request).map(|_| Effect::Written),
    }
}

/// Whether a monitor bears a mark by now. A server may write, and fail at what it does afterwards: so it does where a
/// document-level monitor becomes another.
async fn bears(context: &Context<'_>, (kind, id): (Kind, &str), mark: &Mark) -> bool {
    let request = write::get_monitor(context.plan.line, kind, id);
    let now = async { context.client.ask(&request).await?.json::<Marked>(&request) };
    now.await.is_ok_and(|mut now| Mark::take(&mut now.monitor.ui_metadata).as_ref() == Some(mark))
}

/// Deletes a monitor, unless somebody wrote it since; the server knows no guard, so it is looked at right before.
pub async fn delete(context: &Context<'_>, before: &LiveMonitor, refresh: Refresh) -> Result<Effect, Error> {
    let Context { plan, client, .. } = context;
    let kind = before.monitor.kind();
    let request = write::get_monitor(plan.line, kind, &before.id);
    let answer = client.send(&request).await?;
    if is_gone(&answer) {
        return Ok(Effect::Already);
    }
    let now: Current = answer.success(&request)?.json(&request)?;
    if (now.seq_no, now.primary_term) != (before.revision.seq_no, before.revision.primary_term) {
        return Err(Error::Outdated);
    }
    context.delete(&write::delete_monitor(plan.line, kind, &before.id, refresh)).await
}

/// Whether the server keeps beside it what Dashboards, and we, want to note.
fn has_ui_metadata(monitor: &Monitor) -> bool {
    monitor.kind() == Kind::Monitor
}

/// What we note beside a monitor; the version is the one that the write makes, and `named` are the destinations that
/// the mark goes on naming.
fn mark(
    plan: &Plan,
    directory: &Directory,
    after: &Monitor,
    (id, version): (Option<&String>, u64),
    named: Witnesses,
) -> Mark {
    let mut destinations = plan.witnessed(after, directory);
    destinations.extend(named);
    let inputs = mark::digest_of_inputs(&canonical::monitor(after.clone(), plan.line));
    let destinations = destinations.into_iter().collect();
    Mark { project: plan.project.clone(), version, id: id.cloned(), sent: now(), inputs, destinations }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or_default()
}

#[derive(Deserialize)]
struct Created {
    #[serde(rename = "_id")]
    id: String,
}

/// What a monitor says of the workflows that run it, from 2.9 on.
#[derive(Deserialize)]
struct Run {
    #[serde(default)]
    associated_workflows: Vec<Associated>,
}

#[derive(Deserialize)]
struct Associated {
    name: String,
}

#[derive(Deserialize)]
struct Current {
    #[serde(rename = "_seq_no")]
    seq_no: u64,
    #[serde(rename = "_primary_term")]
    primary_term: u64,
}

#[derive(Deserialize)]
struct Marked {
    monitor: Body,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    ui_metadata: Value,
}
