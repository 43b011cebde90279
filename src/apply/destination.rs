//! Destinations with what e-mail makes use of, and the channels that they all are from 2.0 on, written and deleted.

use serde::Deserialize;

use super::context::Context;
use super::report::{Effect, Listing, Taken, Written};
use crate::api::live::{DestinationRevision, LiveDestination};
use crate::api::read;
use crate::api::wire::{canonical, mark};
use crate::api::write::{self, Refresh};
use crate::error::Error;
use crate::model::destination::Destination;
use crate::source::declared::Declaration;

/// Makes a destination; no error shows the secrets in it.
pub async fn create(
    context: &Context<'_>,
    declaration: &Declaration,
    after: &Destination,
    refresh: Refresh,
) -> Result<Taken, Error> {
    let Context { plan, client, directory, .. } = context;
    let key = after.key();
    let config_id = mark::config_id(&plan.project, &key);
    let after = directory.borrow().with_ids(after.clone());
    let request = write::create_destination(plan.line, &config_id, &after, refresh)
        .guarding(declaration.secrets.clone());
    let answer = client.send(&request).await?;
    if plan.line.has_channels() {
        let effect = if answer.status == 409 {
            must_be_as_declared(context, &config_id, &after).await?;
            Effect::Already
        } else {
            answer.success(&request)?;
            Effect::Written
        };
        directory.borrow_mut().insert(key, config_id.clone());
        let listed = Some(Written { config_id, listing: Listing::Present });
        return Ok(Taken { listed, effect });
    }
    let created: Created = answer.success(&request)?.json(&request)?;
    directory.borrow_mut().insert(key, created.id);
    Ok(Taken::unlisted(Effect::Written))
}

/// A channel with the id that we chose is there, and the list didn't show it: it was made a moment ago, by a run whose
/// answer was lost or that was killed.
async fn must_be_as_declared(context: &Context<'_>, id: &str, after: &Destination) -> Result<(), Error> {
    let Context { plan, client, .. } = context;
    let now = read::destination(client, plan.line, after.kind(), id).await?;
    let after = canonical::destination(after.clone(), plan.line);
    let is_same = now.live.iter().any(|live| live.destination == after);
    if is_same { Ok(()) } else { Err(Error::Outdated) }
}

/// Changes a destination in place, unless somebody wrote it since; no error shows the secrets in it.
pub async fn update(
    context: &Context<'_>,
    declaration: &Declaration,
    (before, after): (&LiveDestination, &Destination),
    refresh: Refresh,
) -> Result<Taken, Error> {
    let Context { plan, client, directory, .. } = context;
    let listed = match before.revision {
        DestinationRevision::Document { .. } => None,
        DestinationRevision::Channel { last_updated_time_ms } => {
            // channels know no guard, so what is there is looked at right before it is written
            if presence(context, before).await? != Presence::Untouched {
                return Err(Error::Outdated);
            }
            Some(Written {
                config_id: before.id.clone(),
                listing: Listing::Rewritten { before: last_updated_time_ms },
            })
        }
    };
    let after = directory.borrow().with_ids(after.clone());
    let request = write::update_destination(plan.line, &before.id, before.revision, &after, refresh)
        .guarding(declaration.secrets.clone());
    let answer = client.send(&request).await?;
    if answer.status == 409 {
        return Err(Error::Outdated);
    }
    answer.success(&request)?;
    Ok(Taken { listed, effect: Effect::Written })
}

/// Deletes a destination, unless somebody wrote it since; the server knows no guard, so it is looked at right before.
pub async fn delete(
    context: &Context<'_>,
    before: &LiveDestination,
    refresh: Refresh,
) -> Result<Taken, Error> {
    let plan = context.plan;
    let effect = match presence(context, before).await? {
        Presence::Untouched => {
            let kind = before.destination.kind();
            context.delete(&write::delete_destination(plan.line, kind, &before.id, refresh)).await?
        }
        Presence::Gone => Effect::Already,
        Presence::Touched => return Err(Error::Outdated),
    };
    let listed = match before.revision {
        DestinationRevision::Document { .. } => None,
        DestinationRevision::Channel { .. } => {
            Some(Written { config_id: before.id.clone(), listing: Listing::Absent })
        }
    };
    Ok(Taken { listed, effect })
}

/// What became of a destination since it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Untouched,
    Touched,
    Gone,
}

async fn presence(context: &Context<'_>, before: &LiveDestination) -> Result<Presence, Error> {
    let Context { plan, client, .. } = context;
    let now = read::destination(client, plan.line, before.destination.kind(), &before.id).await?;
    Ok(match now.live.as_slice() {
        [live] if live.revision == before.revision => Presence::Untouched,
        [] if now.unreadable.is_empty() => Presence::Gone,
        _ => Presence::Touched,
    })
}

#[derive(Deserialize)]
struct Created {
    #[serde(rename = "_id")]
    id: String,
}
