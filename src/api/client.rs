//! The one place that sends: one pool of connections, retries of what is harmless to repeat.

use reqwest::Url;

use super::answer::Answer;
use super::connection::Connection;
use super::request::Request;
use crate::error::Error;

/// A pool of connections to one server.
#[derive(Clone, Debug)]
pub struct Client {
    base: Url,
}

impl Client {
    /// Makes a client for the server at `base`: the URL of the connection's target, or where its sandbox listens.
    /// Sends nothing yet.
    pub fn connect(base: &Url, _connection: &Connection) -> Result<Self, Error> {
        Ok(Self { base: base.clone() })
    }

    /// Sends `request` and gives the answer, whatever its status; an error for no answer, for 401, and for what is
    /// no OpenSearch.
    #[expect(clippy::unused_async, reason = "to be filled in")]
    pub async fn send(&self, _request: &Request) -> Result<Answer, Error> {
        Err(Error::usage(format!("{} is not reached yet", self.base), "wait"))
    }

    /// Sends `request` and gives the answer if its status is 2xx; else the error that the server names.
    pub async fn ask(&self, request: &Request) -> Result<Answer, Error> {
        self.send(request).await?.success(request)
    }
}
