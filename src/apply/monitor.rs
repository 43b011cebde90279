//! Monitors and workflows written and deleted.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::Value;

use super::context::{Context, Presence};
use super::lost;
use super::report::Effect;
use crate::api::live::{Found, LiveMonitor};
use crate::api::read::{self, is_gone};
use crate::api::wire::directory::Directory;
use crate::api::wire::ids::Ids;
use crate::api::wire::mark::{self, Mark};
use crate::api::wire::{canonical, monitor, note, ui_metadata};
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
    let (mark, document) = {
        let directory = directory.borrow();
        let mark = has_ui_metadata(after)
            .then(|| mark(plan, &directory, declaration, after, (None, 1), Witnesses::new()));
        let ui_metadata = mark.as_ref().map(|mark| ui_metadata::new(after, mark));
        (mark, monitor::encode(&directory.with_ids(after.clone()), &ids, plan.line, ui_metadata))
    };
    let request = write::create_monitor(plan.line, after.kind(), document, refresh);
    let request = request.guarding(&declaration.secrets);
    let send = async || Ok(client.ask(&request).await?.json::<Created>(&request)?.id);
    let look = async || made(context, after, mark.as_ref()).await;
    let id = lost::write(client, send, look).await?;
    directory.borrow_mut().insert(declaration.resource.key(), id);
    Ok(Effect::Written)
}

/// The id of what a creation whose answer was lost made, if it did: it bears the mark that was sent. A workflow bears
/// none, and has all that was sent.
async fn made(context: &Context<'_>, after: &Monitor, mark: Option<&Mark>) -> Result<Option<String>, Error> {
    let Context { plan, client, .. } = context;
    read::reveal(client, plan.line).await?;
    // all of them: what is written last is told of one shard alone
    let found = read::written_since(client, plan.line, None).await?;
    let ours = found.iter().find(|found| match found {
        Found::Monitor(live) => is_it(context, &live.monitor, live.mark.as_ref(), (after, mark)),
        Found::Unreadable(_) | Found::Notice { .. } => false,
    });
    if let Some(ours) = ours {
        return Ok(Some(ours.id().to_owned()));
    }
    if found.iter().any(|found| found.key() == after.key()) {
        // there was none of that name before
        return Err(Error::MadeMeanwhile);
    }
    if after.kind() == Kind::Workflow {
        must_be_unlisted(context, after).await?;
    }
    Ok(None)
}

/// Whether a live monitor is what we sent.
fn is_it(
    context: &Context<'_>,
    live: &Monitor,
    live_mark: Option<&Mark>,
    (after, mark): (&Monitor, Option<&Mark>),
) -> bool {
    let Context { plan, directory, .. } = context;
    match mark {
        Some(mark) => live_mark == Some(mark),
        None => *live == directory.borrow().with_ids(canonical::monitor(after.clone(), plan.line)),
    }
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
        let version = before.revision.version + 1;
        let noted = || mark(plan, &directory, declaration, after, (Some(&before.id), version), named);
        let mark = has_ui_metadata(after).then(noted);
        let live = before.ui_metadata.as_ref().map(Json::value);
        let canonical = canonical::monitor(after.clone(), plan.line);
        let updated =
            |mark| ui_metadata::updated(live.as_ref(), (&before.monitor, &renamed), &canonical, mark);
        let ui_metadata = mark.as_ref().map(updated);
        let document = monitor::encode(&directory.with_ids(after.clone()), &ids, plan.line, ui_metadata);
        (mark, document)
    };
    let id = (after.kind(), before.id.as_str());
    let request = write::update_monitor(plan.line, id, before.revision, document, refresh)
        .guarding(&declaration.secrets);
    let send = async || {
        let answer = client.send(&request).await?;
        match answer.status {
            409 => Err(Error::Outdated),
            404 if is_gone(&answer) => Err(Error::DeletedMeanwhile),
            // a server may write, and fail at what it does afterwards: so it does where a document-level monitor
            // becomes another
            _ => answer.acknowledged(&request).map(|()| Effect::Written),
        }
    };
    let look = async || {
        let Some(mut now) = read_again(context, before).await? else {
            return Err(Error::DeletedMeanwhile);
        };
        if now.is(before) {
            return Ok(None);
        }
        let live_mark = now.document.get_mut("ui_metadata").and_then(Mark::take);
        let live = monitor::decode_live(after.kind(), &now.document, plan.line);
        let is_it =
            live.is_ok_and(|live| is_it(context, &live.monitor, live_mark.as_ref(), (after, mark.as_ref())));
        if is_it { Ok(Some(Effect::Written)) } else { Err(Error::Outdated) }
    };
    lost::write(client, send, look).await
}

/// Deletes a monitor, unless somebody wrote it since.
pub async fn delete(context: &Context<'_>, before: &LiveMonitor, refresh: Refresh) -> Result<Effect, Error> {
    let request = write::delete_monitor(context.plan.line, before.monitor.kind(), &before.id, refresh);
    context.delete(&request, async || presence(context, before).await).await
}

/// What became of a monitor since the plan.
async fn presence(context: &Context<'_>, before: &LiveMonitor) -> Result<Presence, Error> {
    Ok(match read_again(context, before).await? {
        None => Presence::Gone,
        Some(now) if now.is(before) => Presence::Untouched,
        Some(_) => Presence::Touched,
    })
}

/// Reads a monitor as it is now; nothing when it is gone.
async fn read_again(context: &Context<'_>, before: &LiveMonitor) -> Result<Option<Current>, Error> {
    let Context { plan, client, .. } = context;
    let request = write::get_monitor(plan.line, before.monitor.kind(), &before.id);
    let answer = client.send(&request).await?;
    if is_gone(&answer) { Ok(None) } else { answer.success(&request)?.json(&request).map(Some) }
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
    declaration: &Declaration,
    after: &Monitor,
    (id, version): (Option<&String>, u64),
    named: Witnesses,
) -> Mark {
    let mut destinations = plan.witnessed(after, directory);
    destinations.extend(named);
    let canonical = canonical::monitor(after.clone(), plan.line);
    let inputs = mark::digest_of_inputs(&canonical);
    let fields = note::of(&directory.with_ids(canonical));
    let destinations = destinations.into_iter().collect();
    Mark {
        project: plan.project.clone(),
        version,
        id: id.cloned(),
        sent: now(),
        inputs,
        fields,
        destinations,
        protected: declaration.protected,
        secrets: declaration.filled(),
    }
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(elapsed.as_millis()).unwrap_or_default()
}

/// What a server says of a monitor that it made.
#[derive(Deserialize)]
pub struct Created {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: String,
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
    #[serde(alias = "monitor", alias = "workflow")]
    document: Value,
}

impl Current {
    /// Whether nobody wrote it since it was read.
    fn is(&self, before: &LiveMonitor) -> bool {
        (self.seq_no, self.primary_term) == (before.revision.seq_no, before.revision.primary_term)
    }
}
