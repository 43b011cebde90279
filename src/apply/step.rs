//! One change carried out.

use super::context::Context;
use super::report::Taken;
use super::{destination, monitor};
use crate::api::line::Line;
use crate::api::live::LiveResource;
use crate::api::write::Refresh;
use crate::error::Error;
use crate::model::resource::Resource;
use crate::plan::{Change, Pair};

/// Carries one change out.
pub async fn take(context: &Context<'_>, change: &Change, refresh: Refresh) -> Result<Taken, Error> {
    match change {
        Change::Create(create) => match &create.after.resource {
            Resource::Destination(after) => destination::create(context, &create.after, after, refresh).await,
            Resource::Monitor(after) => {
                monitor::create(context, &create.after, after, refresh).await.map(Taken::unlisted)
            }
        },
        Change::Update(update) => match &update.pair {
            Pair::Destination { before, after } => {
                destination::update(context, &update.declaration, (before, after), refresh).await
            }
            Pair::Monitor { before, after } => {
                let declaration = &update.declaration;
                monitor::update(context, declaration, (before, after), refresh).await.map(Taken::unlisted)
            }
        },
        Change::Delete(delete) => match &delete.before {
            LiveResource::Destination(before) => destination::delete(context, before, refresh).await,
            LiveResource::Monitor(before) => {
                monitor::delete(context, before, refresh).await.map(Taken::unlisted)
            }
        },
    }
}

/// Deletes what was made a moment ago, since somebody else had made the same before; says what came of it.
pub async fn take_back(context: &Context<'_>, ours: &LiveResource) -> Error {
    let deleted = match ours {
        LiveResource::Destination(ours) => {
            destination::delete(context, ours, Refresh::Now).await.map(|taken| taken.effect)
        }
        LiveResource::Monitor(ours) => monitor::delete(context, ours, Refresh::Now).await,
    };
    match deleted {
        Ok(_) => Error::TakenBack,
        Err(error) => Error::NotTakenBack(Box::new(error)),
    }
}

/// Whether a change writes to the index in which `refresh` counts; channels have one of their own, without it.
pub fn is_indexed(change: &Change, line: Line) -> bool {
    change.key().kind.is_scheduled() || !line.has_channels()
}
