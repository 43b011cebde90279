//! What every change needs, whatever it changes.

use std::cell::{Cell, RefCell};

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
    /// Deletes; what is gone already counts as deleted.
    pub async fn delete(&self, request: &Request) -> Result<Effect, Error> {
        let answer = self.client.send(request).await?;
        match answer.status {
            // it was there a moment ago, so this is no gate's answer
            404 => Ok(Effect::Already),
            _ => answer.success(request).map(|_| Effect::Written),
        }
    }
}
