//! What every change needs, whatever it changes.

use std::cell::{Cell, RefCell};

use super::lost;
use super::report::Effect;
use crate::api::client::Client;
use crate::api::request::Request;
use crate::api::wire::directory::Directory;
use crate::error::Error;
use crate::plan::Plan;

/// What every change needs.
pub struct Context<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The way to the server.
    pub client: &'a Client,
    /// The ids of what others refer to, what was made a moment ago included.
    pub directory: &'a RefCell<Directory>,
    /// Why nothing new is begun, if so.
    pub halt: &'a Cell<Option<&'static str>>,
}

impl Context<'_> {
    /// Deletes what nobody wrote since the plan; what is gone already counts as deleted. The server knows no guard, so
    /// it is looked at right before.
    pub async fn delete(
        &self,
        request: &Request,
        presence: impl AsyncFn() -> Result<Presence, Error>,
    ) -> Result<Effect, Error> {
        if presence().await?.is_gone()? {
            return Ok(Effect::Already);
        }
        let send = async || {
            let answer = self.client.send(request).await?;
            match answer.status {
                // unless it is a gate's answer
                404 if presence().await? == Presence::Gone => Ok(Effect::Already),
                _ => answer.acknowledged(request).map(|()| Effect::Written),
            }
        };
        let look = async || Ok(presence().await?.is_gone()?.then_some(Effect::Written));
        lost::write(self.client, send, look).await
    }
}

/// What became of a resource since it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is as it was.
    Untouched,
    /// Somebody wrote it.
    Touched,
    /// It is not there.
    Gone,
}

impl Presence {
    /// Whether there is nothing left to delete; an error when it is no more what the plan saw.
    fn is_gone(self) -> Result<bool, Error> {
        match self {
            Presence::Gone => Ok(true),
            Presence::Untouched => Ok(false),
            Presence::Touched => Err(Error::Outdated),
        }
    }
}
