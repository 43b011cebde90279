//! Destinations with what e-mail makes use of, and the channels that they all are from 2.0 on, written and deleted.

use serde::Deserialize;

use super::context::{Context, Presence};
use super::lost;
use super::report::{Effect, Listing, Taken, Written};
use crate::api::live::{DestinationRevision, Destinations, LiveDestination};
use crate::api::read::{self, is_gone};
use crate::api::wire::{canonical, config_id};
use crate::api::write::{self, Refresh};
use crate::error::Error;
use crate::model::destination::Destination;
use crate::model::resource::Kind;
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
    let config_id = config_id::of(&plan.project, &key);
    let after = directory.borrow().with_ids(after.clone());
    let request =
        write::create_destination(plan.line, &config_id, &after, refresh).guarding(&declaration.secrets);
    if plan.line.has_channels() {
        let send = async || {
            let answer = client.send(&request).await?;
            if answer.status != 409 {
                return answer.success(&request).map(|_| Effect::Written);
            }
            // the list didn't show it: it was made a moment ago, by a run that was killed, or whose answer was lost
            find_channel(context, &config_id, &after).await?.ok_or(Error::Outdated).map(|()| Effect::Already)
        };
        let look = async || Ok(find_channel(context, &config_id, &after).await?.map(|()| Effect::Written));
        let effect = lost::write(client, send, look).await?;
        directory.borrow_mut().insert(key, config_id.clone());
        let place = Some(declaration.place().clone());
        let listed =
            Some(Written { key: declaration.resource.key(), place, config_id, listing: Listing::Present });
        return Ok(Taken { listed, effect });
    }
    let send = async || match client.ask(&request).await {
        // the server takes no two accounts, and no two groups, of one name; there was none before
        Err(Error::Refusal(refusal)) if refusal.is_name_taken() => Err(Error::MadeMeanwhile),
        answer => Ok(answer?.json::<Created>(&request)?.id),
    };
    let look = async || {
        read::reveal(client, plan.line).await?;
        let sent = canonical::destination(after.clone(), plan.line);
        let now = read::destinations(client, plan.line).await?.live;
        if let Some(ours) = now.iter().find(|live| live.destination == sent) {
            return Ok(Some(ours.id.clone()));
        }
        // there was none before
        if now.iter().any(|live| live.key() == key) { Err(Error::MadeMeanwhile) } else { Ok(None) }
    };
    let id = lost::write(client, send, look).await?;
    directory.borrow_mut().insert(key, id);
    Ok(Taken::unlisted(Effect::Written))
}

/// Looks whether a channel with the id that we chose is there; one that is otherwise than declared is somebody else's.
async fn find_channel(context: &Context<'_>, id: &str, after: &Destination) -> Result<Option<()>, Error> {
    let Context { plan, client, .. } = context;
    let now = read::destination(client, plan.line, after.kind(), id).await?;
    let after = canonical::destination(after.clone(), plan.line);
    match now.live.as_slice() {
        [] if now.unreadable.is_empty() => Ok(None),
        [live] if live.destination == after => Ok(Some(())),
        _ => Err(Error::Outdated),
    }
}

/// Changes a destination in place, unless somebody wrote it since; no error shows the secrets in it.
pub async fn update(
    context: &Context<'_>,
    declaration: &Declaration,
    (before, after): (&LiveDestination, &Destination),
    refresh: Refresh,
) -> Result<Taken, Error> {
    let Context { plan, client, directory, .. } = context;
    if plan.line.has_channels() {
        // channels know no guard, so what is there is looked at right before it is written
        match presence(before, &read_again(context, before).await?) {
            Presence::Untouched => {}
            Presence::Touched => return Err(Error::Outdated),
            Presence::Gone => return Err(Error::DeletedMeanwhile),
        }
    }
    let after = directory.borrow().with_ids(after.clone());
    let request = write::update_destination(plan.line, &before.id, before.revision, &after, refresh)
        .guarding(&declaration.secrets);
    let send = async || {
        let answer = client.send(&request).await?;
        match answer.status {
            409 => Err(Error::Outdated),
            404 if is_gone(&answer) => Err(Error::DeletedMeanwhile),
            _ => answer.acknowledged(&request),
        }
    };
    let look = async || {
        // before 2.0 reading one is a search too
        read::reveal(client, plan.line).await?;
        let now = read_again(context, before).await?;
        let after = canonical::destination(after.clone(), plan.line);
        if now.live.iter().any(|live| live.destination == after) {
            return Ok(Some(()));
        }
        match presence(before, &now) {
            Presence::Untouched => Ok(None),
            Presence::Touched => Err(Error::Outdated),
            Presence::Gone => Err(Error::DeletedMeanwhile),
        }
    };
    lost::write(client, send, look).await?;
    let listing = match before.revision {
        // whoever deletes it has no guard
        DestinationRevision::Document { .. } => Listing::Present,
        DestinationRevision::Channel { last_updated_time_ms } => {
            let after = must_be_ours(context, before, &after).await?;
            Listing::Rewritten { before: last_updated_time_ms, after }
        }
    };
    let (key, place) = (declaration.resource.key(), Some(declaration.place().clone()));
    let listed = Some(Written { key, place, config_id: before.id.clone(), listing });
    Ok(Taken { listed, effect: Effect::Written })
}

/// Looks whether a channel is as it was written a moment ago, which no guard can see to; gives the time of that write.
async fn must_be_ours(
    context: &Context<'_>,
    before: &LiveDestination,
    after: &Destination,
) -> Result<u64, Error> {
    let now = read_again(context, before).await?;
    let after = canonical::destination(after.clone(), context.plan.line);
    match now.live.as_slice() {
        [
            LiveDestination {
                revision: DestinationRevision::Channel { last_updated_time_ms },
                destination,
                ..
            },
        ] if *destination == after => Ok(*last_updated_time_ms),
        [] if now.unreadable.is_empty() => Err(Error::DeletedMeanwhile),
        _ => Err(Error::Overwritten),
    }
}

/// Deletes a destination, unless somebody wrote it since.
pub async fn delete(
    context: &Context<'_>,
    before: &LiveDestination,
    refresh: Refresh,
) -> Result<Taken, Error> {
    let kind = before.destination.kind();
    let request = write::delete_destination(context.plan.line, kind, &before.id, refresh);
    let look = async || {
        if kind == Kind::Destination && !context.plan.line.has_channels() {
            // before 2.0 reading one is a search, which finds what was written a second ago
            read::reveal(context.client, context.plan.line).await?;
        }
        Ok(presence(before, &read_again(context, before).await?))
    };
    let effect = context.delete(&request, look).await?;
    let listed = match before.revision {
        DestinationRevision::Document { .. } => None,
        DestinationRevision::Channel { .. } => {
            let (key, config_id) = (before.key(), before.id.clone());
            Some(Written { key, place: None, config_id, listing: Listing::Absent })
        }
    };
    Ok(Taken { listed, effect })
}

/// Reads a destination as it is now.
async fn read_again(context: &Context<'_>, before: &LiveDestination) -> Result<Destinations, Error> {
    read::destination(context.client, context.plan.line, before.destination.kind(), &before.id).await
}

/// What became of a destination since the plan.
fn presence(before: &LiveDestination, now: &Destinations) -> Presence {
    match now.live.as_slice() {
        [live] if live.revision == before.revision => Presence::Untouched,
        [] if now.unreadable.is_empty() => Presence::Gone,
        _ => Presence::Touched,
    }
}

#[derive(Deserialize)]
struct Created {
    #[serde(rename = "_id")]
    id: String,
}
