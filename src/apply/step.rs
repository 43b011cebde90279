//! One change carried out.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::Deserialize;

use super::lock;
use super::report::{Report, Written};
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::{DestinationRevision, LiveDestination, LiveMonitor, LiveResource};
use crate::api::read::{self, ChannelEntry};
use crate::api::wire::directory::Directory;
use crate::api::wire::ids::Ids;
use crate::api::wire::mark::{self, Mark};
use crate::api::wire::{canonical, channel, monitor, ui_metadata};
use crate::api::write::{self, Refresh};
use crate::error::Error;
use crate::model::destination::Destination;
use crate::model::monitor::{Monitor, Reference};
use crate::model::name::Name;
use crate::model::resource::{Kind, Resource};
use crate::plan::{Change, Plan};

/// What every step needs.
pub struct Context<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The way to the server.
    pub client: &'a Client,
    /// The ids of destinations, those included that were made a moment ago.
    pub directory: &'a Mutex<Directory>,
}

/// Carries one change out; gives what a list of channels must show from now on.
pub async fn take(
    context: &Context<'_>,
    change: &Change,
    refresh: Refresh,
) -> Result<Option<Written>, Error> {
    match change {
        Change::Create(create) => match &create.after.resource {
            Resource::Destination(destination) => create_destination(context, destination, refresh).await,
            Resource::Monitor(monitor) => create_monitor(context, monitor, refresh).await.map(|()| None),
        },
        Change::Update(update) => match (&update.before, &update.after.resource) {
            (LiveResource::Destination(before), Resource::Destination(after)) => {
                update_destination(context, before, after, refresh).await
            }
            (LiveResource::Monitor(before), Resource::Monitor(after)) => {
                update_monitor(context, before, after, refresh).await.map(|()| None)
            }
            // `diff` pairs like with like
            (LiveResource::Destination(_), Resource::Monitor(_))
            | (LiveResource::Monitor(_), Resource::Destination(_)) => Ok(None),
        },
        Change::Delete(delete) => match &delete.before {
            LiveResource::Destination(before) => delete_destination(context, before, refresh).await,
            LiveResource::Monitor(before) => delete_monitor(context, before, refresh).await.map(|()| None),
        },
    }
}

/// Whether a change writes to the index in which `refresh` counts; channels have one of their own, without it.
pub fn is_indexed(change: &Change, line: Line) -> bool {
    change.key().kind == Kind::Monitor || !line.has_channels()
}

async fn create_monitor(context: &Context<'_>, after: &Monitor, refresh: Refresh) -> Result<(), Error> {
    let Context { plan, client, directory } = context;
    let ids = Ids::minted(&plan.project, after);
    let document = {
        let directory = lock(directory);
        let mark = mark(plan, &directory, after, 1);
        monitor::encode(after, &ids, plan.line, &directory, Some(ui_metadata::new(after, &mark)))
    };
    client.ask(&write::create_monitor(plan.line, document, refresh)).await.map(drop)
}

async fn update_monitor(
    context: &Context<'_>,
    before: &LiveMonitor,
    after: &Monitor,
    refresh: Refresh,
) -> Result<(), Error> {
    let Context { plan, client, directory } = context;
    let ids = before.ids.carried_over(&before.monitor, &plan.project, after);
    let document = {
        let directory = lock(directory);
        let mark = mark(plan, &directory, after, before.revision.version + 1);
        let live = before.ui_metadata.as_ref().map(crate::model::json::Json::value);
        let canonical = canonical::monitor(after.clone(), plan.line);
        let ui_metadata = ui_metadata::updated(live.as_ref(), &before.monitor, &canonical, &mark);
        monitor::encode(after, &ids, plan.line, &directory, Some(ui_metadata))
    };
    let request = write::update_monitor(plan.line, &before.id, before.revision, document, refresh);
    let answer = client.send(&request).await?;
    if answer.status == 409 {
        return Err(moved());
    }
    answer.success(&request).map(drop)
}

async fn delete_monitor(context: &Context<'_>, before: &LiveMonitor, refresh: Refresh) -> Result<(), Error> {
    let Context { plan, client, directory: _ } = context;
    let request = write::get_monitor(plan.line, &before.id);
    let answer = client.send(&request).await?;
    if answer.status == 404 {
        return Ok(());
    }
    let now: Current = answer.success(&request)?.json(&request)?;
    if (now.seq_no, now.primary_term) != (before.revision.seq_no, before.revision.primary_term) {
        return Err(moved());
    }
    gone(client, &write::delete_monitor(plan.line, &before.id, refresh)).await
}

async fn create_destination(
    context: &Context<'_>,
    after: &Destination,
    refresh: Refresh,
) -> Result<Option<Written>, Error> {
    let Context { plan, client, directory } = context;
    let config_id = mark::config_id(&plan.project, &after.name);
    let request = write::create_destination(plan.line, &config_id, after, refresh);
    let answer = client.send(&request).await?;
    if plan.line.has_channels() {
        if answer.status == 409 {
            must_be_as_declared(context, &config_id, after).await?;
        } else {
            answer.success(&request)?;
        }
        lock(directory).insert(after.name.clone(), config_id.clone());
        return Ok(Some(Written { config_id, since: Some(0) }));
    }
    let created: Created = answer.success(&request)?.json(&request)?;
    lock(directory).insert(after.name.clone(), created.id);
    Ok(None)
}

/// A channel with the id that we chose is there, and the list didn't show it: it was made a moment ago, by a run whose
/// answer was lost or that was killed.
async fn must_be_as_declared(context: &Context<'_>, id: &str, after: &Destination) -> Result<(), Error> {
    let line = context.plan.line;
    let now = channel(context, id).await?;
    let live = now.and_then(|entry| channel::decode(&entry.config).ok());
    let after = canonical::destination(after.clone(), line);
    if live.map(|live| canonical::destination(live, line)).as_ref() == Some(&after) {
        Ok(())
    } else {
        Err(moved())
    }
}

async fn update_destination(
    context: &Context<'_>,
    before: &LiveDestination,
    after: &Destination,
    refresh: Refresh,
) -> Result<Option<Written>, Error> {
    let Context { plan, client, directory: _ } = context;
    let written = match before.revision {
        DestinationRevision::Document { .. } => None,
        DestinationRevision::Channel { last_updated_time_ms } => {
            must_be_untouched(context, before).await?;
            Some(Written { config_id: before.id.clone(), since: Some(last_updated_time_ms + 1) })
        }
    };
    let request = write::update_destination(plan.line, &before.id, before.revision, after, refresh);
    let answer = client.send(&request).await?;
    if answer.status == 409 {
        return Err(moved());
    }
    answer.success(&request)?;
    Ok(written)
}

async fn delete_destination(
    context: &Context<'_>,
    before: &LiveDestination,
    refresh: Refresh,
) -> Result<Option<Written>, Error> {
    let Context { plan, client, directory: _ } = context;
    let written = match before.revision {
        DestinationRevision::Document { .. } => None,
        DestinationRevision::Channel { .. } => {
            must_be_untouched(context, before).await?;
            Some(Written { config_id: before.id.clone(), since: None })
        }
    };
    gone(client, &write::delete_destination(plan.line, &before.id, refresh)).await?;
    Ok(written)
}

/// Channels know no guard, so what is there is looked at right before it is written.
async fn must_be_untouched(context: &Context<'_>, before: &LiveDestination) -> Result<(), Error> {
    let now = channel(context, &before.id).await?;
    let now =
        now.map(|entry| DestinationRevision::Channel { last_updated_time_ms: entry.last_updated_time_ms });
    if now == Some(before.revision) { Ok(()) } else { Err(moved()) }
}

async fn channel(context: &Context<'_>, id: &str) -> Result<Option<ChannelEntry>, Error> {
    let request = write::get_destination(context.plan.line, id);
    let answer = context.client.send(&request).await?;
    if answer.status == 404 {
        return Ok(None);
    }
    let page: read::ChannelPage = answer.success(&request)?.json(&request)?;
    Ok(page.config_list.into_iter().next())
}

/// Deletes; what is gone already counts as deleted.
async fn gone(client: &Client, request: &crate::api::request::Request) -> Result<(), Error> {
    let answer = client.send(request).await?;
    if answer.status == 404 { Ok(()) } else { answer.success(request).map(drop) }
}

/// Waits until the list of channels shows what was written: on 2.x it lags a second behind, and a plan right after
/// this apply must be right.
pub async fn await_listing(client: &Client, line: Line, report: &Report) -> Result<(), Error> {
    const PATIENCE: u32 = 50;
    const PAUSE: Duration = Duration::from_millis(200);
    if report.written_channels.is_empty() {
        return Ok(());
    }
    for _ in 0..PATIENCE {
        let listed = read::channel_times(client, line).await?;
        let shows = |written: &Written| match (listed.get(&written.config_id), written.since) {
            (Some(time), Some(since)) => *time >= since,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if report.written_channels.iter().all(shows) {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Error::usage(
        "the list of channels does not show yet what was written",
        "plan again in a moment; until then a plan may be out of date",
    ))
}

/// What we note beside a monitor; the version is the one that the write makes.
fn mark(plan: &Plan, directory: &Directory, after: &Monitor, version: u64) -> Mark {
    let actions = after.triggers.iter().flat_map(|trigger| &trigger.actions);
    let destinations = actions.filter_map(|action| match &action.destination {
        Reference::Name(name) if plan.owned.contains(name) => {
            Some((name.clone(), directory.id(name)?.to_owned()))
        }
        Reference::Name(_) | Reference::Id(_) => None,
    });
    // ordered, and each once
    let destinations: BTreeMap<Name, String> = destinations.collect();
    let destinations = destinations.into_iter().collect();
    let inputs = mark::digest_of_inputs(&canonical::monitor(after.clone(), plan.line));
    Mark { project: plan.project.clone(), version, inputs, destinations }
}

fn moved() -> Error {
    Error::usage(
        "somebody changed it in the cluster since the plan was made",
        "plan again, and look at what changed",
    )
}

#[derive(Deserialize)]
struct Created {
    #[serde(rename = "_id")]
    id: String,
}

#[derive(Deserialize)]
struct Current {
    #[serde(rename = "_seq_no")]
    seq_no: u64,
    #[serde(rename = "_primary_term")]
    primary_term: u64,
}
